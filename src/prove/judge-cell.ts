import type { CellState } from '../model/matrix.ts';
import { counted, type Finding, type Verdict } from '../model/verdict.ts';
import type { Cell } from './cells.ts';

export interface Judged {
  state: CellState;
  reason: string;
}

/**
 * What a run says about its drill.
 * @param whole the verdict of the same drill on the whole platform, where there is one: a finding that fails there as
 *   well tells nothing about a protection.
 */
export function judgeCell({ finding: id }: Cell, verdict: Verdict, whole: Verdict | undefined): Judged {
  if (id === null) return judgeWhole(verdict);
  const finding = findingOf(verdict, id);
  if (finding === undefined)
    return { state: 'inconclusive', reason: `${id} was not judged. ${ending(verdict)}`.trim() };
  if (finding.outcome === 'fail') {
    if (whole !== undefined && findingOf(whole, id)?.outcome === 'fail') {
      return {
        state: 'inconclusive',
        reason: `${id} fails on the whole platform too: its failure here shows nothing.`,
      };
    }
    return { state: 'caught', reason: finding.message };
  }
  if (finding.outcome === 'pass') return { state: 'missed', reason: `${finding.message} ${insteadOf(verdict)}` };
  return { state: 'inconclusive', reason: finding.message };
}

/** A drill must not fail on the whole platform; one that cannot tell is told apart. */
function judgeWhole(verdict: Verdict): Judged {
  const counting = verdict.findings.filter((finding) => counted([finding]).length > 0);
  const of = (outcome: Finding['outcome']) => counting.filter((finding) => finding.outcome === outcome);
  if (verdict.outcome === 'fail') return { state: 'false-alarm', reason: told(of('fail')) };
  if (verdict.outcome === 'pass') return { state: 'clean', reason: `All ${counting.length} findings passed.` };
  return { state: 'inconclusive', reason: told(of('inconclusive')) };
}

const findingOf = (verdict: Verdict, id: string) => verdict.findings.find((finding) => finding.id === id);

/** These explain the others, so they are told first. */
const explaining = ['fault-bit', 'peak-reached', 'host', 'run'];

/** The finding that explains most, in its words, and the ids of the others. */
function told(findings: Finding[]): string {
  const rank = ({ id }: Finding): number => explaining.indexOf(id);
  const [first, ...others] = findings.toSorted((a, b) => rank(b) - rank(a));
  if (first === undefined) return 'Nothing was judged.';
  const also = others.length === 0 ? [] : [`Also ${first.outcome}: ${others.map(({ id }) => id).join(', ')}.`];
  return [`${first.id}: ${first.message}`, ...also].join(' ');
}

/** What else the drill saw when it did not see what it should. */
function insteadOf(verdict: Verdict): string {
  const failed = verdict.findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  return failed.length === 0 ? 'Nothing else failed either.' : `The drill failed by ${failed.join(', ')} instead.`;
}

const ending = (verdict: Verdict): string => findingOf(verdict, 'run')?.message ?? '';
