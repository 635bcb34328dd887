import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { capacityDoubts, evidenceDoubts, faultDoubts, passUnlessInDoubt, unlessInDoubt } from './doubts.ts';
import { endsInWords, podEndDoubts } from './pod-ends.ts';
import { counted, sinceThen } from './words.ts';

/** Whether pods on one kind of node were left alone. Pods that autoscaling scaled down do not count as touched. */
export const untouched: Checker = {
  id: 'untouched',
  title: 'Untouched',
  findings: ({ objectives: { untouched } }) => (untouched === undefined ? [] : [`untouched.${untouched}`]),
  promises: ({ objectives: { untouched } }) => (untouched === undefined ? [] : [`no pod on ${untouched} nodes ends`]),
  judge: judgeUntouched,
};

function judgeUntouched(facts: Facts, plan: Plan): Finding[] {
  const capacity = plan.objectives.untouched;
  if (capacity === undefined) return [];
  const sinceMs = facts.timeline.disturbedAtMs;
  const isKnown = facts.capacity !== null && sinceMs !== null;
  const since = (facts.capacity?.podEnds ?? []).filter(
    (end) => end.capacity === capacity && end.atMs >= (sinceMs ?? 0),
  );
  const touched = since.filter(({ cause }) => cause !== 'scaled-down');
  // Where there was none, none could be touched, and nothing is shown.
  const isEmpty = touched.length === 0 && facts.capacity?.readyOn?.[capacity] === 0;
  const who = isEmpty ? 'As none was there, no pod' : touched.length === 0 ? 'No pod' : counted(touched.length, 'pod');
  const finding: Finding = {
    id: `untouched.${capacity}`,
    title: `Pods on ${capacity} nodes untouched`,
    outcome: !isKnown || isEmpty ? 'inconclusive' : touched.length > 0 ? 'fail' : 'pass',
    message: isKnown
      ? `${who} on ${capacity} nodes ended ${sinceThen(plan)}; none may.`
      : `It is unknown which pods ended on ${capacity} nodes ${sinceThen(plan)}; none may.`,
    evidence: {
      ended: isKnown ? touched.length : null,
      scaledDown: isKnown ? since.length - touched.length : null,
      ends: endsInWords(touched),
    },
  };
  const doubts = [...faultDoubts(facts, plan), ...podEndDoubts(facts), ...capacityDoubts(facts)];
  return [unlessInDoubt(passUnlessInDoubt(finding, doubts), evidenceDoubts(facts))];
}
