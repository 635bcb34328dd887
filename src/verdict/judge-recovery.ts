import type { Facts, RecoveryFact } from '../model/facts.ts';
import type { Objectives, RecoveryPath } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  capacityDoubts,
  clockDoubts,
  evidenceDoubts,
  failUnlessInDoubt,
  faultDoubts,
  passUnlessInDoubt,
  problemsAbout,
  robbedDoubts,
  sentinelClockDoubts,
  unlessInDoubt,
  unlessSentinelLost,
} from './doubts.ts';
import { contradictionDoubts } from './judge-instruments.ts';
import { capitalised, counted, duration, number, round3OrNull } from './words.ts';

type Objective = Objectives['recovery'][number];

/** Each recovery time actual against its objective; none in a drill without a fault, which has nothing to recover from. */
export const recovery: Checker = {
  id: 'recovery',
  title: 'Recovery',
  restsOnTime: true,
  findings: (plan) => recoveryObjectives(plan).map(({ path }) => `recovery.${path}`),
  promises: (plan) =>
    recoveryObjectives(plan).map(
      (objective) =>
        `${subjectOf[objective.path]} back within ${duration(objective.objectiveMs)}${canBeMissed(plan, objective) ? '' : `: ${cannotBeMissed(plan)}`}`,
    ),
  judge: (facts, plan) => recoveryObjectives(plan).map((objective) => judgePath(facts, plan, objective)),
};

export const recoveryObjectives = ({ fault, objectives }: Plan): Objective[] =>
  fault === null ? [] : objectives.recovery;

/** Whether this profile watches long enough for the objective to be missed. */
export const canBeMissed = ({ profile }: Plan, { objectiveMs }: Objective): boolean =>
  objectiveMs < profile.afterFaultMs;

export const cannotBeMissed = ({ profile }: Plan): string =>
  `it cannot be missed in the ${duration(profile.afterFaultMs)} that this profile watches, so it is reported, not judged`;

function judgePath(facts: Facts, plan: Plan, objective: Objective): Finding {
  const { path } = objective;
  const fact = facts.recovery.find((one) => one.path === path);
  const doubts = [
    ...faultDoubts(facts, plan),
    ...clockDoubts(facts),
    ...(plan.fault?.leaves?.includes(path)
      ? [`${subjectOf[path]} went on all the time by this way of ${plan.fault.kind}`]
      : []),
    ...(isCounted(path)
      ? capacityDoubts(facts)
      : [
          ...problemsAbout(facts, 'recovery'),
          ...sentinelClockDoubts(facts),
          ...contradictionDoubts(facts, ...(path === 'shop' ? (['read', 'write'] as const) : [path])),
        ]),
  ];
  const finding = failUnlessInDoubt(
    passUnlessInDoubt(againstObjective(objective, fact), doubts),
    restsOnSpeed(objective, fact) ? robbedDoubts(facts, 'fault', 'recovered') : clockMatters(facts, objective, fact),
  );
  const known = unlessInDoubt(finding, evidenceDoubts(facts));
  const judged = isCounted(path) ? known : unlessSentinelLost(known, facts);
  if (judged.outcome !== 'pass' || canBeMissed(plan, objective)) return judged;
  return { ...judged, outcome: null, message: `${judged.message} Not judged: ${cannotBeMissed(plan)}.` };
}

/** A step of the clock shifts the injection against the probes: a fail stands if it is one even without that much time. */
function clockMatters(facts: Facts, { objectiveMs }: Objective, fact: RecoveryFact | undefined): string[] {
  const doubts = clockDoubts(facts);
  if (fact === undefined || doubts.length === 0) return [];
  return atLeastOf(fact) - (facts.host.clockStepMs ?? 0) > objectiveMs ? [] : doubts;
}

const adjectiveOf: Record<RecoveryPath, string> = {
  write: 'Write',
  read: 'Read',
  shop: 'Shop',
  pods: 'Pod',
  nodes: 'Node',
};

/** A path as the subject of a sentence. */
const subjectOf: Record<RecoveryPath, string> = {
  write: 'writes',
  read: 'reads',
  shop: 'the shop',
  pods: 'pods',
  nodes: 'nodes',
};

/** Pods and nodes are looked at, not probed. */
const isCounted = (path: RecoveryPath): path is 'pods' | 'nodes' => path === 'pods' || path === 'nodes';

/** Whether service was back in time, so only slow answers can fail the path: on a late host those prove nothing. */
const restsOnSpeed = ({ path, objectiveMs }: Objective, fact: RecoveryFact | undefined): boolean =>
  path === 'shop' && fact?.serviceRestoredMs != null && fact.serviceRestoredMs - fact.uncertaintyMs <= objectiveMs;

/** From the injection until service, and for the whole shop its performance as well, was restored. null when it was not. */
export function actualOf(fact: RecoveryFact): number | null {
  const { path, serviceRestoredMs, performanceRestoredMs } = fact;
  if (!fact.recovered || serviceRestoredMs === null) return null;
  if (path !== 'shop') return serviceRestoredMs;
  return performanceRestoredMs === null ? null : Math.max(serviceRestoredMs, performanceRestoredMs);
}

/** The lower bound of the same, whether it was restored or not; worse evidence never lowers it. */
function atLeastOf({ path, serviceAtLeastMs, performanceAtLeastMs }: RecoveryFact): number {
  return path === 'shop' ? Math.max(serviceAtLeastMs, performanceAtLeastMs ?? 0) : serviceAtLeastMs;
}

function againstObjective(objective: Objective, fact: RecoveryFact | undefined): Finding {
  return {
    id: `recovery.${objective.path}`,
    title: `${adjectiveOf[objective.path]} recovery`,
    ...recovered(objective, fact),
    evidence: {
      actualMs: round3OrNull(fact === undefined ? null : actualOf(fact)),
      objectiveMs: objective.objectiveMs,
      uncertaintyMs: round3OrNull(fact?.uncertaintyMs ?? null),
      atLeastMs: round3OrNull(fact === undefined ? null : atLeastOf(fact)),
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
    return {
      outcome: 'inconclusive',
      message: `The recovery of ${subjectOf[path]} could not be measured; ${objective}.`,
    };
  const actualMs = actualOf(fact);
  if (actualMs === null) return notRecovered(path, objectiveMs, fact);
  const { uncertaintyMs } = fact;
  const message = `${whatHappened(fact, actualMs)}; ${objective}`;
  if (atLeastOf(fact) > objectiveMs) return { outcome: 'fail', message: `${message}.` };
  if (actualMs + uncertaintyMs > objectiveMs)
    return { outcome: 'inconclusive', message: `${message}: too close to tell.` };
  return { outcome: 'pass', message: `${message}.` };
}

function whatHappened(fact: RecoveryFact, actualMs: number): string {
  const { path, outage, flaps, probes, unserved, ready, uncertaintyMs } = fact;
  const after = `${duration(actualMs)} after the injection (± ${duration(uncertaintyMs)})`;
  const reopened = flaps > 0 ? `, after failing again ${counted(flaps, 'time')}` : '';
  if (ready !== null && outage)
    return `${capitalised(path)} were back at full strength ${after}${reopened}: ${counts(ready)}`;
  if (ready !== null)
    return `No ${path} were missing in ${counted(probes, 'look')} after the injection: ${counts(ready)}`;
  if (outage) return `${capitalised(subjectOf[path])} recovered ${after}${reopened}`;
  const unfailing =
    unserved === 0
      ? `None of ${counted(probes, `${path} probe`)} failed after the injection`
      : `Only ${number(unserved, 0)} of ${counted(probes, `${path} probe`)} failed after the injection, none in a row`;
  if (actualMs === 0) return unfailing;
  // Nobody looked before.
  if (fact.serviceRestoredMs === actualMs) return `${unfailing}; the first one was served ${after}`;
  return `${unfailing}; latency was back to normal ${after}`;
}

const counts = ({ before, least }: NonNullable<RecoveryFact['ready']>): string =>
  `${number(before, 0)} ready before, at least ${number(least, 0)} after`;

/** A fail only once the objective has passed: nobody saw what would have come after the load's end. */
function notRecovered(
  path: RecoveryPath,
  objectiveMs: number,
  fact: RecoveryFact,
): Pick<Finding, 'outcome' | 'message'> {
  const observed = duration(fact.observedMs);
  const objective = `objective ${duration(objectiveMs)}`;
  const isBroken = fact.outage || fact.serviceRestoredMs !== null;
  if (!isBroken)
    return {
      outcome: 'inconclusive',
      message: `There were too few ${fact.ready === null ? 'probes of' : 'looks at'} ${subjectOf[path]}, or for too short a time (${observed}), to tell; ${objective}.`,
    };
  const when = `when the load ended ${observed} after the injection`;
  const message = `${capitalised(subjectOf[path])} ${whatLacked(fact)} ${when}${fact.ready === null ? '' : `: ${counts(fact.ready)}`}; ${objective}`;
  if (atLeastOf(fact) > objectiveMs) return { outcome: 'fail', message: `${message}.` };
  return {
    outcome: 'inconclusive',
    message: `${message}, which had not passed yet: recovery takes at least ${duration(atLeastOf(fact))}.`,
  };
}

function whatLacked({ ready, serviceRestoredMs }: RecoveryFact): string {
  if (ready !== null) return 'were not back at full strength';
  return serviceRestoredMs === null ? 'had not recovered' : 'answered again, but more slowly than promised,';
}
