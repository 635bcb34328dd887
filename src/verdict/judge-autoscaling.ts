import type { AutoscalingFact, Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  evidenceDoubts,
  failUnlessInDoubt,
  generatorDoubts,
  passUnlessInDoubt,
  problemsAbout,
  robbedDoubts,
  unlessInDoubt,
} from './doubts.ts';
import { counted, duration, number, round3OrNull } from './words.ts';

/** Whether there were enough pods for the peak soon enough. A host that could not keep up starts them late: no fail stands on it. */
export const autoscaling: Checker = {
  id: 'autoscaling',
  title: 'Autoscaling lag',
  restsOnTime: true,
  findings: ({ objectives }) => (objectives.autoscaling === undefined ? [] : ['autoscaling']),
  promises: ({ objectives: { autoscaling } }) =>
    autoscaling === undefined ? [] : [`as many pods as the load asks for within ${duration(autoscaling.maxLagMs)}`],
  judge: judgeAutoscaling,
};

function judgeAutoscaling(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.autoscaling === undefined) return [];
  const { maxLagMs } = plan.objectives.autoscaling;
  const fact = facts.autoscaling;
  const finding: Finding = {
    id: 'autoscaling',
    title: 'Autoscaling lag',
    ...outcomeOf(fact, maxLagMs),
    evidence: {
      lagMs: round3OrNull(fact?.lagMs ?? null),
      maxLagMs,
      uncertaintyMs: round3OrNull(fact?.uncertaintyMs ?? null),
      observedMs: round3OrNull(fact?.observedMs ?? null),
      podsBefore: fact?.podsBefore ?? null,
      podsEnough: fact?.podsEnough ?? null,
      podsMost: fact?.podsMost ?? null,
      readings: fact?.readings ?? null,
    },
  };
  const doubts = [...generatorDoubts(facts), ...problemsAbout(facts, 'load', 'capacity')];
  const judged = failUnlessInDoubt(passUnlessInDoubt(finding, doubts), robbedDoubts(facts, 'peak'));
  return [unlessInDoubt(judged, evidenceDoubts(facts))];
}

function outcomeOf(fact: AutoscalingFact | null, maxLagMs: number): Pick<Finding, 'outcome' | 'message'> {
  const objective = `objective ${duration(maxLagMs)}`;
  if (fact === null || fact.readings === 0)
    return {
      outcome: 'inconclusive',
      message: `It is unknown when there were enough pods for the peak: no CPU use was read at peak; ${objective}.`,
    };
  const { lagMs, uncertaintyMs, podsBefore, podsEnough } = fact;
  if (lagMs === null || podsEnough === null) return neverEnough(fact, objective, maxLagMs);
  const message = `There were enough ready pods ${duration(lagMs)} after the peak began (± ${duration(uncertaintyMs)}), ${number(podsEnough, 0)} instead of ${number(podsBefore, 0)}; ${objective}`;
  // Adding no pods while there are too few is no better than adding them late.
  if (lagMs - uncertaintyMs > maxLagMs) return { outcome: 'fail', message: `${message}.` };
  if (podsEnough <= podsBefore)
    return {
      outcome: 'inconclusive',
      message: `${number(podsBefore, 0)} pods were enough ${lagMs > uncertaintyMs ? `after ${duration(lagMs)} without another` : 'from the start'}, so none had to be added: autoscaling was not drilled; ${objective}.`,
    };
  if (lagMs + uncertaintyMs > maxLagMs) return { outcome: 'inconclusive', message: `${message}: too close to tell.` };
  return { outcome: 'pass', message: `${message}.` };
}

function neverEnough(fact: AutoscalingFact, objective: string, maxLagMs: number): Pick<Finding, 'outcome' | 'message'> {
  const { observedMs, podsBefore, podsMost, readings, looks } = fact;
  const came =
    podsMost > podsBefore
      ? `at most ${number(podsMost, 0)} instead of ${number(podsBefore, 0)}`
      : `and none came to the ${number(podsBefore, 0)}`;
  const message = `There were never enough ready pods in the ${duration(observedMs)} of the peak, ${came}; ${objective}`;
  if (readings * 2 < looks)
    return {
      outcome: 'inconclusive',
      message: `${message}, and only ${number(readings, 0)} of ${counted(looks, 'look')} at the platform had a reading of the CPU.`,
    };
  if (observedMs <= maxLagMs)
    return { outcome: 'inconclusive', message: `${message}, which was not over yet when the peak was.` };
  return { outcome: 'fail', message: `${message}.` };
}
