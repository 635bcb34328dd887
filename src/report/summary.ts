import type { Outcome } from '../model/verdict.ts';
import { formatInstant } from './format.ts';
import { headline } from './headline.ts';
import { detailText, keyNumbers } from './key-numbers.ts';
import { outcomeWords, worstFirst } from './outcome-words.ts';
import type { ReportInput } from './report-input.ts';
import { sparklines } from './sparkline.ts';

const icons: Record<Outcome, string> = { pass: '✅', fail: '❌', inconclusive: '⚠️' };
const judged = (outcome: Outcome | null): string =>
  outcome === null ? 'not judged' : `${icons[outcome]} ${outcomeWords[outcome]}`;

/** GitHub-flavoured Markdown for the page of a CI job. */
export function summaryMarkdown(input: ReportInput): string {
  const { verdict, plan, facts } = input;
  const picture = sparklines(facts);
  const sections = [
    `## ${judged(verdict.outcome)}: ${escapeMarkdown(plan.title)}`,
    escapeMarkdown(headline(input)),
    table(
      ['Measured', 'Value', 'Against', 'Outcome'],
      keyNumbers(input).map((item) => [
        item.label,
        `**${item.value.text}**`,
        detailText(item.detail),
        judged(item.outcome),
      ]),
    ),
    '### Findings',
    table(
      ['Outcome', 'Finding', 'What was seen'],
      worstFirst(verdict.findings).map(({ outcome, title, message }) => [
        judged(outcome),
        escapeMarkdown(title),
        escapeMarkdown(message),
      ]),
    ),
    picture.length === 0 ? '' : fenced(picture.join('\n')),
    '### Run it again',
    fenced(verdict.command, 'sh'),
    `<sub>${escapeMarkdown(origin(verdict))}</sub>`,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function origin({ runId, target, profile, startedAt, environment }: ReportInput['verdict']): string {
  const commit = environment.commit === null ? 'commit unknown' : `commit ${environment.commit.slice(0, 12)}`;
  const dirty = environment.dirty ? ' (with uncommitted changes)' : '';
  return `Run ${runId} on ${target}, profile ${profile}, ${formatInstant(startedAt)}, ${commit}${dirty}.`;
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return 'None: nothing was judged.';
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that Markdown shows as it is written, in a paragraph or in a table's cell. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]#|~]/g, '\\$&')
    .replace(/\s*[\r\n]+\s*/g, ' ');
}

/** A code block that no content can close early. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
