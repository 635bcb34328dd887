import type { Facts, LaneFact, RecoveryFact } from '../model/facts.ts';
import type { Objectives, RecoveryPath } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding, Outcome, Verdict } from '../model/verdict.ts';
import {
  capacityDoubts,
  clockDoubts,
  faultDoubts,
  hostDoubts,
  passUnlessInDoubt,
  problemsAbout,
  unlessInDoubt,
} from './doubts.ts';
import { capitalised, counted, duration, isoOrNull, number, round3, round3OrNull } from './words.ts';

type Objective = Objectives['recovery'][number];

/** Each recovery time actual against its objective; none in a drill without a fault, which has nothing to recover from. */
export function judgeRecovery(facts: Facts, plan: Plan): { rows: Verdict['recovery']; findings: Finding[] } {
  const objectives = plan.fault === null ? [] : plan.objectives.recovery;
  const judged = objectives.map((objective) => {
    const fact = facts.recovery.find(({ path }) => path === objective.path);
    const judgement = unlessInDoubt(passUnlessInDoubt(judgePath(objective, fact), doubtsOf(facts, plan, objective)), [
      ...cutShort(facts, objective, fact),
      ...clockDoubts(facts),
    ]);
    const finding = restsOnSpeed(objective, fact) ? unlessInDoubt(judgement, hostDoubts(facts, 'fault')) : judgement;
    return { finding, row: rowOf(objective, fact, finding.outcome) };
  });
  return { rows: judged.map(({ row }) => row), findings: judged.map(({ finding }) => finding) };
}

const doubtsOf = (facts: Facts, plan: Plan, { path }: Objective): string[] => [
  ...faultDoubts(facts, plan),
  ...(isCounted(path) ? capacityDoubts(facts) : problemsAbout(facts, 'recovery')),
];

/** Pods and nodes are looked at, not probed. */
const isCounted = (path: RecoveryPath): boolean => path === 'pods' || path === 'nodes';

/** A run that was cut short before the objective was over says nothing of a recovery that it did not see. */
function cutShort({ run }: Facts, { objectiveMs }: Objective, fact: RecoveryFact | undefined): string[] {
  const unseen = fact !== undefined && actualOf(fact) === null && fact.observedMs < objectiveMs;
  return unseen && run.status !== 'completed' ? ['the run ended before that time was over'] : [];
}

/** Whether service was back in time, so that only slow answers can fail the path: on a late host those prove nothing. */
const restsOnSpeed = ({ path, objectiveMs }: Objective, fact: RecoveryFact | undefined): boolean =>
  path === 'shop' && fact?.serviceRestoredMs != null && fact.serviceRestoredMs - fact.uncertaintyMs <= objectiveMs;

/** Injection to restored: of service, and for the whole shop of its performance as well. null when it was not. */
function actualOf(fact: RecoveryFact): number | null {
  const { path, serviceRestoredMs, performanceRestoredMs } = fact;
  if (!fact.recovered || serviceRestoredMs === null) return null;
  if (path !== 'shop') return serviceRestoredMs;
  return performanceRestoredMs === null ? null : Math.max(serviceRestoredMs, performanceRestoredMs);
}

function judgePath(objective: Objective, fact: RecoveryFact | undefined): Finding {
  return {
    id: `recovery.${objective.path}`,
    title: `${capitalised(objective.path)} recovery`,
    ...recovered(objective, fact),
    evidence: {
      actualMs: round3OrNull(fact === undefined ? null : actualOf(fact)),
      objectiveMs: objective.objectiveMs,
      uncertaintyMs: round3OrNull(fact?.uncertaintyMs ?? null),
      observedMs: round3OrNull(fact?.observedMs ?? null),
      outage: fact?.outage ?? null,
      probes: fact?.probes ?? null,
      ...(isCounted(objective.path) && {
        readyBefore: fact?.ready?.before ?? null,
        leastReady: fact?.ready?.least ?? null,
      }),
    },
  };
}

function recovered(
  { path, objectiveMs }: Objective,
  fact: RecoveryFact | undefined,
): Pick<Finding, 'outcome' | 'message'> {
  const objective = `objective ${duration(objectiveMs)}`;
  if (fact === undefined)
    return { outcome: 'inconclusive', message: `Recovery of ${path} could not be measured; ${objective}.` };
  const actualMs = actualOf(fact);
  if (actualMs === null) return notRecovered(path, objective, fact);
  const { uncertaintyMs } = fact;
  const message = `${whatHappened(fact, actualMs)}; ${objective}`;
  if (actualMs - uncertaintyMs > objectiveMs) return { outcome: 'fail', message: `${message}.` };
  if (actualMs + uncertaintyMs > objectiveMs)
    return { outcome: 'inconclusive', message: `${message}: too close to tell.` };
  return { outcome: 'pass', message: `${message}.` };
}

function whatHappened(fact: RecoveryFact, actualMs: number): string {
  const { path, outage, flaps, probes, ready, uncertaintyMs } = fact;
  const after = `${duration(actualMs)} after the injection (± ${duration(uncertaintyMs)})`;
  const reopened = flaps > 0 ? `, having failed again ${counted(flaps, 'time')}` : '';
  if (ready !== null && outage)
    return `${capitalised(path)} were at full strength again ${after}${reopened}: ${counts(ready)}`;
  if (ready !== null)
    return `None of ${counted(probes, 'look')} after the injection found ${path} missing: ${counts(ready)}`;
  if (outage) return `${capitalised(path)} was back ${after}${reopened}`;
  const unfailing = `None of ${counted(probes, `${path} probe`)} failed after the injection`;
  return actualMs === 0 ? unfailing : `${unfailing}, and its speed was back ${after}`;
}

const counts = ({ before, least }: NonNullable<RecoveryFact['ready']>): string =>
  `${number(before, 0)} ready before, ${number(least, 0)} at the least after`;

function notRecovered(path: string, objective: string, fact: RecoveryFact): Pick<Finding, 'outcome' | 'message'> {
  const observed = duration(fact.observedMs);
  const isBroken = fact.outage || fact.serviceRestoredMs !== null;
  if (!isBroken)
    return {
      outcome: 'inconclusive',
      message: `The ${fact.ready === null ? 'probes of' : 'looks at'} ${path} were too few or too short (${observed}) to tell; ${objective}.`,
    };
  const when = `when the load ended ${observed} after the injection`;
  const message = `${capitalised(path)} ${whatLacked(fact)} ${when}${fact.ready === null ? '' : `: ${counts(fact.ready)}`}; ${objective}.`;
  return { outcome: 'fail', message };
}

function whatLacked({ ready, serviceRestoredMs }: RecoveryFact): string {
  if (ready !== null) return 'were not at full strength again';
  return serviceRestoredMs === null ? 'had not recovered' : 'answered again, but had not got its speed back,';
}

function rowOf(objective: Objective, fact: RecoveryFact | undefined, outcome: Outcome): Verdict['recovery'][number] {
  return {
    path: objective.path,
    objectiveMs: objective.objectiveMs,
    actualMs: round3OrNull(fact === undefined ? null : actualOf(fact)),
    uncertaintyMs: round3OrNull(fact?.uncertaintyMs ?? null),
    outageStart: isoOrNull(fact?.outageStartMs ?? null),
    outageEnd: isoOrNull(fact?.outageEndMs ?? null),
    badMs: round3OrNull(fact?.badMs ?? null),
    flaps: fact?.flaps ?? null,
    serviceRestoredMs: round3OrNull(fact?.serviceRestoredMs ?? null),
    performanceRestoredMs: round3OrNull(fact?.performanceRestoredMs ?? null),
    phases: (fact?.phases ?? []).map(({ name, startMs, endMs }) => ({
      name,
      startMs: round3(startMs),
      endMs: round3(endMs),
    })),
    ...(fact?.lanes && { lanes: fact.lanes.map(laneRow) }),
    replicas: (fact?.replicas ?? []).map(({ replica, zone, actualMs, takenAway }) => ({
      replica,
      zone,
      actualMs: round3OrNull(actualMs),
      takenAway,
    })),
    outcome,
  };
}

const laneRow = ({ lane, connection, flaps, ...fact }: LaneFact) => ({
  lane,
  connection,
  intervalMs: round3(fact.intervalMs),
  outageStart: isoOrNull(fact.outageStartMs),
  startUncertaintyMs: round3OrNull(fact.startUncertaintyMs),
  outageEnd: isoOrNull(fact.outageEndMs),
  serviceRestoredMs: round3OrNull(fact.serviceRestoredMs),
  performanceRestoredMs: round3OrNull(fact.performanceRestoredMs),
  uncertaintyMs: round3(fact.uncertaintyMs),
  badMs: round3(fact.badMs),
  flaps,
});
