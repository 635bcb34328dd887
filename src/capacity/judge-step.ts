import type { CapacityStep, Limit } from '../model/capacity.ts';
import type { LoadStepFact, StepCalls, StepPathFact } from '../model/facts.ts';
import { allowedBadShare, error, errorOfEachTry } from '../model/plan.ts';
import type { Outcome } from '../model/verdict.ts';
import { shareBounds, total } from '../statistics/share.ts';
import { thresholds } from '../verdict/thresholds.ts';
import { counted, duration, nameOf, number, percent, round3, round3OrNull } from '../verdict/words.ts';

/** Share of the requests of a step that k6 may leave out, and its lateness, before the load side is what gave way. */
const maxUnsentShare = 0.01;
const maxLateMs = 100;
/** Share of the CPU that other programs may take without being named. */
const maxNeighbourRatio = 0.1;

/** A step as it was measured, with what gave way in it. Whether it belongs to the model depends on the steps before it. */
export function judgeStep(fact: LoadStepFact): Omit<CapacityStep, 'leftOut'> {
  const latency = fact.paths.map((path) => latencyOf(fact, path));
  return {
    factor: fact.factor,
    plannedPerSecond: round3(fact.plannedPerSecond),
    startedPerSecond: round3(fact.startedPerSecond),
    servedPerSecond: round3(fact.servedPerSecond),
    inFlight: round3(fact.inFlight),
    gaveWay: gaveWay(fact, latency),
    latency,
    dropped: fact.dropped + fact.unsent,
    robbedSeconds: round3(fact.robbedSeconds),
    busyRatio: round3OrNull(fact.busyRatio),
    pods: fact.pods && { ready: fact.pods.least, cpuRatio: round3OrNull(fact.pods.cpuRatio) },
    pools:
      fact.pools?.map(({ role, connections, inUse, holdMs, waitMs }) => ({
        role,
        connections,
        inUse: round3(inUse),
        holdMs: round3(holdMs),
        waitMs: round3(waitMs),
      })) ?? null,
    probes: fact.probes && {
      throughEdgeMs: round3(fact.probes.throughEdgeMs),
      aroundEdgeMs: round3(fact.probes.aroundEdgeMs),
    },
  };
}

/** As a phase of a drill: by all calls if they keep the promise even so, otherwise without those of robbed seconds. */
function latencyOf(
  fact: LoadStepFact,
  { path, limitMs, p99Ms, all, rest }: StepPathFact,
): CapacityStep['latency'][number] {
  const each = errorOfEachTry(error, fact.robbedSeconds);
  const missing = fact.dropped + fact.unsent;
  const judge = (calls: StepCalls): Outcome => {
    if (calls.count === 0) return 'inconclusive';
    const { low, high } = shareBounds(calls, each, { missing, explained: calls.lateBad });
    return low > allowedBadShare ? 'fail' : high < allowedBadShare ? 'pass' : 'inconclusive';
  };
  return {
    path,
    limitMs,
    count: all.count,
    bad: total(all.badBySecond),
    p99Ms: typeof p99Ms === 'number' ? round3(p99Ms) : p99Ms,
    outcome: judge(all) === 'pass' ? 'pass' : judge(rest),
  };
}

/** The host and the load side come first: where they give way, what shoppers saw says nothing about the shop. */
function gaveWay(fact: LoadStepFact, latency: CapacityStep['latency']): Limit | null {
  const full = fullHost(fact);
  if (full !== null) return full;
  const unsent = unsentIn(fact);
  if (unsent !== null) return { by: 'load', because: unsent };
  const broken = latency.filter(({ outcome }) => outcome === 'fail');
  return broken.length === 0 ? null : { by: 'promise', because: broken.map(inWords).join('; ') };
}

function fullHost({ busyRatio, neighbourRatio, isShopHere }: LoadStepFact): Limit | null {
  if (busyRatio === null || busyRatio <= thresholds.maxPeakBusyRatio) return null;
  const others =
    neighbourRatio !== null && neighbourRatio > maxNeighbourRatio
      ? `, ${percent(round3(neighbourRatio))} with other programs`
      : '';
  const busy = `the CPU of this machine was ${percent(round3(busyRatio))} busy${others}`;
  return isShopHere
    ? { by: 'host', because: `${busy}, which shop, database, k6 and sentinel share` }
    : { by: 'load', because: `${busy}, from which the load comes` };
}

function unsentIn({ dropped, unsent, generatorLateP99Ms, ...step }: LoadStepFact): string | null {
  const planned = step.plannedPerSecond * step.seconds;
  if (dropped + unsent > planned * maxUnsentShare)
    return `k6 did not send ${counted(dropped + unsent, 'request')} of ${number(planned, 0)}`;
  if (step.startedPerSecond < step.plannedPerSecond * thresholds.minPeakShare)
    return `k6 sent ${number(step.startedPerSecond)} of ${number(step.plannedPerSecond)} requests/s`;
  if (generatorLateP99Ms !== null && generatorLateP99Ms > maxLateMs)
    return `k6's own waits took up to ${duration(generatorLateP99Ms)} too long (p99)`;
  return null;
}

const inWords = ({ path, limitMs, bad, count }: CapacityStep['latency'][number]): string =>
  `${nameOf[path]} p99 is above ${duration(limitMs)}: ${number(bad, 0)} of ${counted(count, 'call')} were slower or failed`;
