import type { Facts, RefusalFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  evidenceDoubts,
  failUnlessInDoubt,
  faultDoubts,
  passUnlessInDoubt,
  problemsAbout,
  robbedDoubts,
  unlessInDoubt,
  unlessSentinelLost,
} from './doubts.ts';
import { thresholds } from './thresholds.ts';
import { counted, duration, number, round3OrNull } from './words.ts';

/**
 * Whether those who could not be served were told so quickly. If every write was served, the promise was kept, and the
 * message says that nobody had to be refused. A late host only makes answers slower, so no fail stands on it.
 */
export const refusal: Checker = {
  id: 'refusal',
  title: 'Quick refusal',
  restsOnTime: true,
  findings: ({ objectives }) => (objectives.refusal === undefined ? [] : ['refusal']),
  promises: ({ objectives: { refusal } }) =>
    refusal === undefined
      ? []
      : [
          `a write that cannot be served is refused within ${duration(refusal.medianLimitMs)} (median)${refusal.p95LimitMs === undefined ? '' : ` and ${duration(refusal.p95LimitMs)} (p95)`}`,
        ],
  judge: judgeRefusal,
};

function judgeRefusal(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.refusal === undefined) return [];
  const { medianLimitMs, p95LimitMs = null } = plan.objectives.refusal;
  const { refusal } = facts;
  const finding: Finding = {
    id: 'refusal',
    title: 'Quick refusal',
    ...outcomeOf(refusal, { medianLimitMs, p95LimitMs }),
    evidence: {
      medianMs: round3OrNull(refusal?.medianMs ?? null),
      medianLimitMs,
      p95Ms: round3OrNull(refusal?.p95Ms ?? null),
      p95LimitMs,
      failed: refusal?.failed ?? null,
      probes: refusal?.probes ?? null,
    },
  };
  const doubts = [...faultDoubts(facts, plan), ...problemsAbout(facts, 'recovery')];
  const judged = failUnlessInDoubt(passUnlessInDoubt(finding, doubts), robbedDoubts(facts, 'fault'));
  return [unlessSentinelLost(unlessInDoubt(judged, evidenceDoubts(facts)), facts)];
}

function outcomeOf(
  fact: RefusalFact | null,
  { medianLimitMs, p95LimitMs }: { medianLimitMs: number; p95LimitMs: number | null },
): Pick<Finding, 'outcome' | 'message'> {
  const limit = `limit ${duration(medianLimitMs)}${p95LimitMs === null ? '' : `, and ${duration(p95LimitMs)} for 95 %`}`;
  if (fact === null || fact.probes === 0)
    return { outcome: 'inconclusive', message: `No write was probed through the edge after the injection; ${limit}.` };
  const { probes, failed, medianMs, p95Ms } = fact;
  if (medianMs === null)
    return {
      outcome: 'pass',
      message: `Nothing had to be refused: none of ${counted(probes, 'write probe')} failed after the injection; ${limit}.`,
    };
  const seen = `${number(failed, 0)} of ${counted(probes, 'write probe')} failed after the injection, half of them within ${duration(medianMs)}, 95 % within ${duration(p95Ms ?? medianMs)}; ${limit}`;
  if (medianMs <= medianLimitMs && (p95LimitMs === null || (p95Ms ?? medianMs) <= p95LimitMs))
    return { outcome: 'pass', message: `${seen}.` };
  if (failed < thresholds.minRefusals)
    return { outcome: 'inconclusive', message: `${seen}: fewer than ${thresholds.minRefusals} are too few to tell.` };
  return { outcome: 'fail', message: `${seen}.` };
}
