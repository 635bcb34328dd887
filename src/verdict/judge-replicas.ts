import type { Facts, RecoveryFact, ReplicaFact } from '../model/facts.ts';
import type { Objectives } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  clockDoubts,
  evidenceDoubts,
  faultDoubts,
  passUnlessInDoubt,
  problemsAbout,
  sentinelClockDoubts,
  unlessInDoubt,
  unlessSentinelLost,
} from './doubts.ts';
import { canBeMissed, cannotBeMissed, recoveryObjectives } from './judge-recovery.ts';
import { thresholds } from './thresholds.ts';
import { counted, duration, number, percent, round3OrNull } from './words.ts';

type Objective = Objectives['recovery'][number];

/**
 * Whether each replica that is still in service serves again within the objective of its path, as probed around the
 * balancer: a shop with one of three replicas away looks whole from the front until the next one goes.
 */
export const replicas: Checker = {
  id: 'recovery.replicas',
  title: 'Recovery of each replica',
  restsOnTime: true,
  findings: (plan) => (plan.probesReplicas && recoveryObjectives(plan).length > 0 ? ['recovery.replicas'] : []),
  promises: () => [],
  judge(facts, plan) {
    const judged = pathWithReplicas(facts, plan);
    if (judged !== null) return [judgeReplicas(facts, plan, ...judged)];
    return this.findings(plan).map((id) =>
      unlessSentinelLost(
        {
          id,
          title: 'Recovery of each replica',
          outcome: 'inconclusive',
          message: 'No replica was probed directly, so nothing is known about each one.',
          evidence: {},
        },
        facts,
      ),
    );
  },
};

/** The tightest objective of a path that its replicas were probed for. */
function pathWithReplicas(facts: Facts, plan: Plan): [Objective, RecoveryFact] | null {
  const probed = recoveryObjectives(plan).flatMap((objective): [Objective, RecoveryFact][] => {
    const fact = facts.recovery.find(({ path }) => path === objective.path);
    return fact === undefined || fact.replicas.length === 0 ? [] : [[objective, fact]];
  });
  return probed.toSorted(([a], [b]) => a.objectiveMs - b.objectiveMs)[0] ?? null;
}

function judgeReplicas(
  facts: Facts,
  plan: Plan,
  objective: Objective,
  { replicas, uncertaintyMs }: RecoveryFact,
): Finding {
  const inService = replicas.filter(({ takenAway }) => takenAway === null);
  const each = inService.map((replica) => ({
    replica,
    outcome: outcomeOf(replica, objective.objectiveMs, uncertaintyMs),
  }));
  const named = (wanted: string) => each.filter(({ outcome }) => outcome === wanted).map(({ replica }) => replica);
  const [missed, open] = [named('fail'), named('inconclusive')];
  const finding: Finding = {
    id: 'recovery.replicas',
    title: 'Recovery of each replica',
    outcome: missed.length > 0 ? 'fail' : open.length > 0 || inService.length === 0 ? 'inconclusive' : 'pass',
    message: `${wordsOf(missed, open, replicas.length, inService.length)}; objective ${duration(objective.objectiveMs)}.`,
    evidence: {
      inService: inService.length,
      takenAway: replicas.length - inService.length,
      notBack: missed.map(({ replica }) => replica).join(' '),
      unknown: open.map(({ replica }) => replica).join(' '),
      slowestMs: round3OrNull(slowest(inService)),
      objectiveMs: objective.objectiveMs,
    },
  };
  const doubts = [
    ...faultDoubts(facts, plan),
    ...clockDoubts(facts),
    ...sentinelClockDoubts(facts),
    ...problemsAbout(facts, 'recovery'),
  ];
  const known = unlessInDoubt(passUnlessInDoubt(finding, doubts), evidenceDoubts(facts));
  const judged = unlessSentinelLost(known, facts);
  if (judged.outcome !== 'pass' || canBeMissed(plan, objective)) return judged;
  return { ...judged, outcome: null, message: `${judged.message} Not judged: ${cannotBeMissed(plan)}.` };
}

function outcomeOf({ actualMs, atLeastMs, sentShare }: ReplicaFact, objectiveMs: number, uncertaintyMs: number) {
  if (actualMs !== null) {
    if (atLeastMs > objectiveMs) return 'fail';
    return actualMs + uncertaintyMs > objectiveMs ? 'inconclusive' : 'pass';
  }
  if (sentShare < thresholds.minSentShare) return 'inconclusive';
  return atLeastMs > objectiveMs ? 'fail' : 'inconclusive';
}

const slowest = (replicas: ReplicaFact[]): number | null =>
  replicas.reduce<number | null>(
    (most, { actualMs }) => (most === null || actualMs === null ? null : Math.max(most, actualMs)),
    0,
  );

function wordsOf(missed: ReplicaFact[], open: ReplicaFact[], all: number, inService: number): string {
  if (inService === 0)
    return `None of ${counted(all, 'replica')} stayed in service, so none could be probed to the end`;
  const parts = [
    ...missed.map(({ replica, actualMs, observedMs }) =>
      actualMs === null
        ? `${replica} did not serve again within ${duration(observedMs)}`
        : `${replica} served again after ${duration(actualMs)}`,
    ),
    ...open.map(({ replica, actualMs, observedMs, sentShare }) =>
      actualMs === null && sentShare < thresholds.minSentShare
        ? `${replica} was sent ${percent(sentShare)} of its probes`
        : `${replica} ${actualMs === null ? `had not served again ${duration(observedMs)} after the injection, when the load ended` : 'came too close to the objective to tell'}`,
    ),
  ];
  if (parts.length > 0) return parts.join('; ');
  return inService === 1
    ? 'The only replica in service serves again'
    : `All ${number(inService, 0)} replicas in service serve again`;
}
