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
  unlessInDoubt,
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
        `${objective.path} back within ${duration(objective.objectiveMs)}${canBeMissed(plan, objective) ? '' : `: ${cannotBeMissed(plan)}`}`,
    ),
  judge: (facts, plan) => recoveryObjectives(plan).map((objective) => judgePath(facts, plan, objective)),
};

export const recoveryObjectives = ({ fault, objectives }: Plan): Objective[] =>
  fault === null ? [] : objectives.recovery;

/** Whether this profile watches long enough for the objective to be missed. */
export const canBeMissed = ({ profile }: Plan, { objectiveMs }: Objective): boolean =>
  objectiveMs < profile.afterFaultMs;

export const cannotBeMissed = ({ profile }: Plan): string =>
  `it cannot be missed in the ${duration(profile.afterFaultMs)} that this profile watches, so it is told and not judged`;

function judgePath(facts: Facts, plan: Plan, objective: Objective): Finding {
  const { path } = objective;
  const fact = facts.recovery.find((one) => one.path === path);
  const doubts = [
    ...faultDoubts(facts, plan),
    ...clockDoubts(facts),
    ...(isCounted(path)
      ? capacityDoubts(facts)
      : [
          ...problemsAbout(facts, 'recovery'),
          ...contradictionDoubts(facts, ...(path === 'shop' ? (['read', 'write'] as const) : [path])),
        ]),
  ];
  const finding = failUnlessInDoubt(
    passUnlessInDoubt(againstObjective(objective, fact), doubts),
    restsOnSpeed(objective, fact) ? robbedDoubts(facts, 'fault', 'recovered') : clockMatters(facts, objective, fact),
  );
  const judged = unlessInDoubt(finding, evidenceDoubts(facts));
  if (judged.outcome !== 'pass' || canBeMissed(plan, objective)) return judged;
  return { ...judged, outcome: null, message: `${judged.message} Not judged: ${cannotBeMissed(plan)}.` };
}

/** A step of the clock moves the injection against the probes: a fail stands that is one without so much time. */
function clockMatters(facts: Facts, { objectiveMs }: Objective, fact: RecoveryFact | undefined): string[] {
  const doubts = clockDoubts(facts);
  if (fact === undefined || doubts.length === 0) return [];
  return atLeastOf(fact) - (facts.host.clockStepMs ?? 0) > objectiveMs ? [] : doubts;
}

/** Pods and nodes are looked at, not probed. */
const isCounted = (path: RecoveryPath): path is 'pods' | 'nodes' => path === 'pods' || path === 'nodes';

/** Whether service was back in time, so that only slow answers can fail the path: on a late host those prove nothing. */
const restsOnSpeed = ({ path, objectiveMs }: Objective, fact: RecoveryFact | undefined): boolean =>
  path === 'shop' && fact?.serviceRestoredMs != null && fact.serviceRestoredMs - fact.uncertaintyMs <= objectiveMs;

/** Injection to restored: of service, and for the whole shop of its performance as well. null when it was not. */
export function actualOf(fact: RecoveryFact): number | null {
  const { path, serviceRestoredMs, performanceRestoredMs } = fact;
  if (!fact.recovered || serviceRestoredMs === null) return null;
  if (path !== 'shop') return serviceRestoredMs;
  return performanceRestoredMs === null ? null : Math.max(serviceRestoredMs, performanceRestoredMs);
}

/** The lower bound of the same, also where it was not restored; worse evidence never makes it less. */
function atLeastOf({ path, serviceAtLeastMs, performanceAtLeastMs }: RecoveryFact): number {
  return path === 'shop' ? Math.max(serviceAtLeastMs, performanceAtLeastMs ?? 0) : serviceAtLeastMs;
}

function againstObjective(objective: Objective, fact: RecoveryFact | undefined): Finding {
  return {
    id: `recovery.${objective.path}`,
    title: `${capitalised(objective.path)} recovery`,
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
    return { outcome: 'inconclusive', message: `Recovery of ${path} could not be measured; ${objective}.` };
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
  const reopened = flaps > 0 ? `, having failed again ${counted(flaps, 'time')}` : '';
  if (ready !== null && outage)
    return `${capitalised(path)} were at full strength again ${after}${reopened}: ${counts(ready)}`;
  if (ready !== null)
    return `None of ${counted(probes, 'look')} after the injection found ${path} missing: ${counts(ready)}`;
  if (outage) return `${capitalised(path)} was back ${after}${reopened}`;
  const unfailing =
    unserved === 0
      ? `None of ${counted(probes, `${path} probe`)} failed after the injection`
      : `Only ${number(unserved, 0)} of ${counted(probes, `${path} probe`)} failed after the injection, each by itself`;
  if (actualMs === 0) return unfailing;
  // Nobody looked before.
  if (fact.serviceRestoredMs === actualMs) return `${unfailing}, and it was first seen to serve ${after}`;
  return `${unfailing}, and its speed was back ${after}`;
}

const counts = ({ before, least }: NonNullable<RecoveryFact['ready']>): string =>
  `${number(before, 0)} ready before, ${number(least, 0)} at the least after`;

/** A fail only once the objective has passed: what would have come after the load's end, nobody saw. */
function notRecovered(path: string, objectiveMs: number, fact: RecoveryFact): Pick<Finding, 'outcome' | 'message'> {
  const observed = duration(fact.observedMs);
  const objective = `objective ${duration(objectiveMs)}`;
  const isBroken = fact.outage || fact.serviceRestoredMs !== null;
  if (!isBroken)
    return {
      outcome: 'inconclusive',
      message: `The ${fact.ready === null ? 'probes of' : 'looks at'} ${path} were too few or too short (${observed}) to tell; ${objective}.`,
    };
  const when = `when the load ended ${observed} after the injection`;
  const message = `${capitalised(path)} ${whatLacked(fact)} ${when}${fact.ready === null ? '' : `: ${counts(fact.ready)}`}; ${objective}`;
  if (atLeastOf(fact) > objectiveMs) return { outcome: 'fail', message: `${message}.` };
  return {
    outcome: 'inconclusive',
    message: `${message}, which was not over yet: it takes ${duration(atLeastOf(fact))} at the least.`,
  };
}

function whatLacked({ ready, serviceRestoredMs }: RecoveryFact): string {
  if (ready !== null) return 'were not at full strength again';
  return serviceRestoredMs === null ? 'had not recovered' : 'answered again, but had not got its speed back,';
}
