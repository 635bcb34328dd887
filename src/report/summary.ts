import { formatInstant } from './format.ts';
import { headline } from './headline.ts';
import { detailText, keyNumbers } from './key-numbers.ts';
import { escapeMarkdown, fenced, judged, origin, table } from './markdown.ts';
import { standingOf, worstFirst } from './outcome-words.ts';
import { inASentence } from './replacements.ts';
import type { ReportInput } from './report-input.ts';
import { rehearsed, rehearsedText } from './runbook.ts';
import { sparklines } from './sparkline.ts';

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
      worstFirst(verdict.findings).map((finding) => [
        judged(standingOf(finding)),
        escapeMarkdown(finding.title),
        escapeMarkdown(finding.message),
      ]),
    ),
    ...replacements(verdict.replacements),
    ...runbookSteps(facts.runbook),
    picture.length === 0 ? '' : fenced(picture.join('\n')),
    '### Run it again',
    fenced(verdict.command, 'sh'),
    `<sub>${escapeMarkdown(origin(verdict))}</sub>`,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** The table of replacement pods and its heading; none where there are none. */
function replacements(all: ReportInput['verdict']['replacements'] = []): string[] {
  if (all.length === 0) return [];
  const rows = all.map((replacement) => [
    `\`${escapeMarkdown(replacement.pod)}\``,
    replacement.node === null ? 'none' : escapeMarkdown(replacement.node),
    replacement.replaces === null ? 'none' : `\`${escapeMarkdown(replacement.replaces)}\``,
    inASentence(replacement),
  ]);
  return ['### Replacement pods', table(['Pod', 'Node', 'In place of', 'Where the time went'], rows)];
}

/** The steps of the runbook that people did; none where they did none. */
function runbookSteps(runbook: ReportInput['facts']['runbook']): string[] {
  if (!runbook || rehearsed(runbook).length === 0) return [];
  const rows = rehearsed(runbook).map(({ title, by, doneAt }) => [
    escapeMarkdown(title),
    escapeMarkdown(by ?? ''),
    doneAt === null ? '' : formatInstant(doneAt),
  ]);
  return ['### Runbook', escapeMarkdown(rehearsedText(runbook)), table(['Step', 'By', 'When'], rows)];
}
