import { type FindingKind, kindOf } from './finding-kinds.ts';
import { capitalised, plural } from './format.ts';
import { worstFirst } from './outcome-words.ts';
import type { ReportInput } from './report-input.ts';

/** The verdict in a sentence or two of plain text: how many findings, and the worst one's numbers. */
export function headline({ verdict, facts }: ReportInput): string {
  const ending = runEnding(verdict.status, facts?.run.reason ?? null);
  return [ending, judgement(verdict)].filter(Boolean).join(' ');
}

function runEnding(status: string, reason: string | null): string {
  if (status === 'completed') return '';
  const because = reason === null ? '' : `: ${reason.replace(/\.$/, '')}`;
  return `The run ${status === 'crashed' ? 'crashed' : `was ${status}`} before its end${because}.`;
}

function judgement({ outcome, findings }: ReportInput['verdict']): string {
  const worst = worstFirst(findings)[0];
  if (worst === undefined) return 'Nothing was measured, so nothing can be said.';
  const share = `${findings.filter((finding) => finding.outcome === outcome).length} of ${plural(findings.length, 'finding')}`;
  if (outcome === 'pass') return `${capitalised(allFindings(findings.length))} passed. ${passNews(findings)}`.trim();
  const told =
    outcome === 'fail' ? `${share} failed.` : `Nothing is known to be broken, but ${share} could not be judged.`;
  return `${told} ${capitalised(worst.message)}`;
}

const allFindings = (count: number): string => (count === 1 ? 'the only finding' : `all ${count} findings`);

/** A pass is told by what the drill was about: its recovery or, without a fault, its pods. */
function passNews(findings: ReportInput['verdict']['findings']): string {
  const first = (kind: FindingKind) => findings.find((finding) => kindOf(finding) === kind)?.message;
  return first('Recovery') ?? first('Capacity') ?? '';
}
