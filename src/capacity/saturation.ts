import type { Capacity, CapacityStep } from '../model/capacity.ts';
import { duration, number, percent } from '../verdict/words.ts';

type Saturation = NonNullable<Capacity['saturatesFirst']>;

/** Share of its connections that a pool has in use when it counts as full: the rest is luck of arrivals. */
const fullPoolShare = 0.8;
/** Waiting for a connection as long as it is held: the pool is what calls queue at. */
const waitsOverHold = 1;
/** The database is why a pool is full when it holds connections for so many times as long as with little to do. */
const slowerDatabase = 2;
/** Probes through the edge that became slower by less than this tell nothing. */
const leastSlowdownMs = 5;

/**
 * What of the shop is at its limit in the step in which it gave way, or what else gave way before the shop did: the most exact sign
 * first. null: nothing that is measured is.
 */
export function saturation(step: CapacityStep, calm: CapacityStep): Saturation | null {
  const at = step.startedPerSecond;
  if (step.gaveWay?.by === 'load' || step.gaveWay?.by === 'host')
    return { what: step.gaveWay.by, atRatePerSecond: at, evidence: step.gaveWay.because };
  const sign = poolSign(step, calm) ?? edgeSign(step, calm) ?? cpuSign(step);
  return sign && { ...sign, atRatePerSecond: at };
}

type Sign = Pick<Saturation, 'what' | 'evidence'>;

function poolSign(step: CapacityStep, calm: CapacityStep): Sign | null {
  for (const pool of step.pools ?? []) {
    const { role, inUse, connections, holdMs, waitMs } = pool;
    if (inUse < connections * fullPoolShare && waitMs < holdMs * waitsOverHold) continue;
    const before = calm.pools?.find((one) => one.role === role)?.holdMs ?? null;
    const full = `of ${connections} connections of the ${role} pools ${number(inUse)} were in use, and ${duration(waitMs)} were waited for one`;
    return before !== null && holdMs >= before * slowerDatabase
      ? { what: 'database', evidence: `${full}; a use took ${duration(holdMs)} instead of ${duration(before)}` }
      : { what: 'pool', evidence: `${full}; a use took ${duration(holdMs)}` };
  }
  return null;
}

function edgeSign({ probes }: CapacityStep, calm: CapacityStep): Sign | null {
  if (probes === null || calm.probes === null) return null;
  const slowerMs = probes.throughEdgeMs - calm.probes.throughEdgeMs;
  const ofItAroundMs = probes.aroundEdgeMs - calm.probes.aroundEdgeMs;
  if (slowerMs < leastSlowdownMs || ofItAroundMs > slowerMs / 2) return null;
  return {
    what: 'edge',
    evidence: `a write through the edge took ${duration(probes.throughEdgeMs)} (median; ${duration(calm.probes.throughEdgeMs)} with little traffic), around it ${duration(probes.aroundEdgeMs)}`,
  };
}

function cpuSign({ pods }: CapacityStep): Sign | null {
  if (pods?.cpuRatio == null || pods.cpuRatio < 1) return null;
  return { what: 'cpu', evidence: `the pods used ${percent(pods.cpuRatio)} of the CPU that they request` };
}
