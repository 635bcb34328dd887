import type { Environment, Outcome } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { formatInstant } from './format.ts';
import { outcomeWords, type Standing, standingWords } from './outcome-words.ts';

export const icons: Record<Outcome, string> = { pass: '✅', fail: '❌', inconclusive: '⚠️' };
/** An outcome with its sign; null is a value that is reported only. */
export const judged = (standing: Standing | null): string =>
  standing === null || standing === 'told' || standing === 'open'
    ? standingWords[standing ?? 'told'].toLowerCase()
    : `${icons[standing]} ${outcomeWords[standing]}`;

interface Origin {
  runId: string;
  target: string;
  profile: string;
  startedAt: string;
  environment: Pick<Environment, 'commit' | 'dirty'> | null;
}

/** Where a result comes from, in a sentence. */
export function origin({ runId, target, profile, startedAt, environment }: Origin): string {
  const commit = environment?.commit == null ? 'commit unknown' : `commit ${environment.commit.slice(0, 12)}`;
  const dirty = environment?.dirty ? ' (with uncommitted changes)' : '';
  return `Run ${runId} on ${target}, profile ${profile}, ${formatInstant(startedAt)}, ${commit}${dirty}.`;
}

/** A table; one without rows says that nothing was judged. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return 'None: nothing was judged.';
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that Markdown shows as it is written, in a paragraph or in a table's cell. */
export function escapeMarkdown(text: string): string {
  return clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]#|~]/g, '\\$&')
    .replace(/\s*[\r\n]+\s*/g, ' ');
}

/** A code block that no content can close early. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean(text)}\n${fence}`;
}
