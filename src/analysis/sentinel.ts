import type { Observation } from '../model/evidence.ts';
import type { Facts, RecoveryFact, SentinelFact } from '../model/facts.ts';
import { clockOff } from './clock-off.ts';
import { ofKind } from './observations.ts';

/** How a sentinel in a pod fared; undefined where it ran on the machine that ran tenfold. Adds what it has lost to the problems. */
export function sentinelFact(
  observations: Observation[],
  injectedAtMs: number | null,
  problems: Facts['problems'],
): SentinelFact | undefined {
  const [started] = ofKind(observations, 'sentinel-pod');
  if (started === undefined) return undefined;
  const { pod, node, zone } = started;
  const end = ofKind(observations, 'sentinel-pod-end').at(-1);
  const missing = end?.missing ?? 0;
  if (missing > 0)
    problems.push({
      about: 'recovery',
      message: `${missing} probes of the sentinel's log never came: a rotation may have lost them`,
    });
  const isAfter = end !== undefined && injectedAtMs !== null && end.atMs > injectedAtMs;
  return {
    pod,
    node,
    zone,
    because: end?.because ?? 'nothing tells how it ended',
    lost: end?.lost ?? true,
    hit: isAfter && end.lost ? end.nodeLost : null,
    missing,
    lastSentMs: end?.lastSentMs ?? null,
    clockOffMs: clockOff(observations, pod),
  };
}

/** A recovery by a clock that may be this far from ours, by which the injection is told. null: nobody knows how far. */
export const byClock = (fact: RecoveryFact, offMs: number | null): RecoveryFact => {
  const atLeast = (ms: number): number => Math.max(0, ms - (offMs ?? Number.POSITIVE_INFINITY));
  const { performanceAtLeastMs } = fact;
  return {
    ...fact,
    uncertaintyMs: fact.uncertaintyMs + (offMs ?? 0),
    serviceAtLeastMs: atLeast(fact.serviceAtLeastMs),
    performanceAtLeastMs: performanceAtLeastMs === null ? null : atLeast(performanceAtLeastMs),
    replicas: fact.replicas.map((one) => ({ ...one, atLeastMs: atLeast(one.atLeastMs) })),
  };
};
