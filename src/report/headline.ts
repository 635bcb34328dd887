import { whyEnded } from '../model/verdict.ts';
import { type FindingKind, kindOf } from './finding-kinds.ts';
import { capitalised, plural } from './format.ts';
import { standingOf, worstFirst } from './outcome-words.ts';
import type { ReportInput } from './report-input.ts';

/** The verdict in a sentence or two of plain text: how many findings, and the worst one's numbers. */
export function headline({ verdict, facts }: ReportInput): string {
  const ending = verdict.status === 'completed' ? '' : `The run ended early: ${whyEnded(facts.run)}.`;
  return [ending, judgement(verdict)].filter(Boolean).join(' ');
}

function judgement({ outcome, findings }: ReportInput['verdict']): string {
  // How the run ended is said already.
  const worst = worstFirst(findings.filter(({ id }) => id !== 'run'))[0];
  if (worst === undefined) return 'Nothing was measured, so nothing can be said.';
  const judged = findings.filter((finding) => !['open', 'told'].includes(standingOf(finding)));
  const share = `${judged.filter((finding) => finding.outcome === outcome).length} of ${plural(judged.length, 'finding')}`;
  if (outcome === 'pass')
    return `${capitalised(allFindings(judged.length))} passed${leftOver(findings)}. ${passNews(findings)}`.trim();
  const told =
    outcome === 'fail' ? `${share} failed.` : `Nothing is known to be broken, but ${share} could not be judged.`;
  return `${told} ${capitalised(worst.message)}`;
}

/** What this profile cannot decide. */
function leftOver(findings: ReportInput['verdict']['findings']): string {
  const open = findings.filter((finding) => standingOf(finding) === 'open').length;
  const told = findings.filter((finding) => standingOf(finding) === 'told' && kindOf(finding) !== 'Trust').length;
  const words = [
    ...(open > 0 ? [`this profile leaves ${plural(open, 'promise')} open`] : []),
    ...(told > 0 ? [`${plural(told, 'promise')} could not be missed in it`] : []),
  ];
  return words.length === 0 ? '' : `; ${words.join(', and ')}`;
}

const allFindings = (count: number): string => (count === 1 ? 'the only finding' : `all ${count} findings`);

/** A pass is told by what the drill was about: its recovery or, without a fault, its pods. */
function passNews(findings: ReportInput['verdict']['findings']): string {
  const first = (kind: FindingKind) => findings.find((finding) => kindOf(finding) === kind)?.message;
  return first('Recovery') ?? first('Capacity') ?? '';
}
