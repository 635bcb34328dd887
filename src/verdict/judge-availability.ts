import type { Facts, PodsFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { capacityDoubts, evidenceDoubts, faultDoubts, passUnlessInDoubt, unlessInDoubt } from './doubts.ts';
import { counted, isoOrNull, number, sinceThen } from './words.ts';

/** Whether enough of the pods wanted at the injection stayed ready. */
export const availability: Checker = {
  id: 'pods-available',
  title: 'Pods available',
  findings: ({ objectives }) => (objectives.availability === undefined ? [] : ['pods-available']),
  promises: ({ objectives: { availability } }) =>
    availability === undefined
      ? []
      : [`at most ${number(availability.maxUnavailablePods, 0)} of the wanted pods are not ready`],
  judge: judgeAvailability,
};

function judgeAvailability(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.availability === undefined) return [];
  const { maxUnavailablePods } = plan.objectives.availability;
  const pods = facts.capacity?.pods ?? null;
  const finding: Finding = {
    id: 'pods-available',
    title: 'Pods available',
    ...outcomeOf(pods, maxUnavailablePods, plan),
    evidence: {
      wantedBefore: pods?.wantedBefore ?? null,
      leastReady: pods?.leastReady ?? null,
      mostUnavailable: pods?.mostUnavailable ?? null,
      maxUnavailablePods,
      at: isoOrNull(pods?.atMs ?? null),
    },
  };
  const judged = passUnlessInDoubt(finding, [...faultDoubts(facts, plan), ...capacityDoubts(facts)]);
  return [unlessInDoubt(judged, evidenceDoubts(facts))];
}

function outcomeOf(
  pods: PodsFact | null,
  maxUnavailablePods: number,
  plan: Plan,
): Pick<Finding, 'outcome' | 'message'> {
  const allowed = maxUnavailablePods === 0 ? 'none may be' : `at most ${number(maxUnavailablePods, 0)} may be`;
  if (pods === null)
    return {
      outcome: 'inconclusive',
      message: `Nothing tells how many pods were missing ${sinceThen(plan)}; ${allowed}.`,
    };
  const { wantedBefore, leastReady, mostUnavailable } = pods;
  const missing = mostUnavailable === 0 ? 'none' : number(mostUnavailable, 0);
  return {
    outcome: mostUnavailable > maxUnavailablePods ? 'fail' : 'pass',
    message:
      `At least ${counted(leastReady, 'pod')} were ready ${sinceThen(plan)}, of ${number(wantedBefore, 0)} wanted: ` +
      `${missing} missing at the worst; ${allowed}.`,
  };
}
