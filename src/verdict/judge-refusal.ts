import type { Facts, RefusalFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { failUnlessInDoubt, faultDoubts, hostDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { thresholds } from './thresholds.ts';
import { counted, duration, number, round3OrNull } from './words.ts';

/**
 * Whether those who could not be served were told so quickly. When every write was served the promise was kept, and the
 * message says that nobody had to be refused. A late host only makes answers slower, so a fail does not stand on it.
 */
export function judgeRefusal(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.refusal === undefined) return [];
  const { medianLimitMs } = plan.objectives.refusal;
  const { refusal } = facts;
  const finding: Finding = {
    id: 'refusal',
    title: 'Quick refusal',
    ...outcomeOf(refusal, medianLimitMs),
    evidence: {
      medianMs: round3OrNull(refusal?.medianMs ?? null),
      medianLimitMs,
      failed: refusal?.failed ?? null,
      probes: refusal?.probes ?? null,
    },
  };
  const doubts = [...faultDoubts(facts, plan), ...problemsAbout(facts, 'recovery')];
  return [failUnlessInDoubt(passUnlessInDoubt(finding, doubts), hostDoubts(facts, 'fault'))];
}

function outcomeOf(fact: RefusalFact | null, limitMs: number): Pick<Finding, 'outcome' | 'message'> {
  const limit = `limit ${duration(limitMs)}`;
  if (fact === null || fact.probes === 0)
    return { outcome: 'inconclusive', message: `No write was probed through the edge after the injection; ${limit}.` };
  const { probes, failed, medianMs } = fact;
  if (medianMs === null)
    return {
      outcome: 'pass',
      message: `Nobody had to be refused: none of ${counted(probes, 'write probe')} failed after the injection; ${limit}.`,
    };
  const seen = `${number(failed, 0)} of ${counted(probes, 'write probe')} failed until writes were back, half of them within ${duration(medianMs)}; ${limit}`;
  if (medianMs <= limitMs) return { outcome: 'pass', message: `${seen}.` };
  if (failed < thresholds.minRefusals)
    return { outcome: 'inconclusive', message: `${seen}: fewer than ${thresholds.minRefusals} are too few to tell.` };
  return { outcome: 'fail', message: `${seen}.` };
}
