import type { Facts, LoadStepFact } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type ScalabilityLaw, throughputAt } from '../../src/statistics/universal-scalability.ts';
import { good, plan } from './test-drill.ts';

export const factors = [1, 2, 3, 4, 6, 8, 10, 12, 14, 17, 20];
const baseline = 60;

/** A plan whose load goes up in steps. */
export const steppedPlan: Plan = {
  ...plan,
  drill: 'capacity',
  fault: null,
  profile: { ...plan.profile, baselineRatePerSecond: baseline, peakFactor: 20, steps: factors.slice(1) },
  peakRatePerSecond: 20 * baseline,
};

/** Calls in flight at which a law answers so many a second: on its way up, or at its peak where it never does. */
export function inFlightAt(law: ScalabilityLaw, perSecond: number): number {
  let [low, high] = [1e-6, Math.sqrt((1 - law.alpha) / law.beta)];
  for (let tries = 0; tries < 60; tries += 1) {
    const middle = (low + high) / 2;
    if (throughputAt(law, middle) < perSecond) low = middle;
    else high = middle;
  }
  return high;
}

/** A step in which all is well: six pods in three zones, two pools, and a host with CPU to spare. */
export function stepFact(factor: number, some: Partial<LoadStepFact> = {}): LoadStepFact {
  const rate = baseline * factor;
  const calls = (share: number) => ({ count: Math.round(20 * rate * share), badBySecond: [], seconds: 20, lateBad: 0 });
  return {
    factor,
    plannedPerSecond: rate,
    seconds: 20,
    startedPerSecond: rate,
    servedPerSecond: rate,
    inFlight: rate / 200,
    paths: (
      [
        ['api', 100, 0.96],
        ['checkout', 200, 0.04],
      ] as const
    ).map(([path, limitMs, share]) => ({ path, limitMs, p99Ms: limitMs / 4, all: calls(share), rest: calls(share) })),
    dropped: 0,
    unsent: 0,
    generatorLateP99Ms: 2,
    robbedSeconds: 0,
    busyRatio: 0.4,
    neighbourRatio: 0.02,
    isShopHere: true,
    pods: { least: 6, most: 6, byZone: { a: 2, b: 2, c: 2 }, mostOnANode: 1, cpuRatio: 0.05 + rate / 2_000 },
    pools: [
      { role: 'writer', connections: 36, usesPerSecond: rate / 10, holdMs: 10, waitMs: 0, inUse: rate / 1_000 },
      { role: 'reader', connections: 24, usesPerSecond: rate / 2, holdMs: 2, waitMs: 0, inUse: rate / 1_000 },
    ],
    probes: { throughEdgeMs: 12, aroundEdgeMs: 10 },
    ...some,
  };
}

/** A fifth of the calls are slow in every second. */
export const brokenPaths = (fact: LoadStepFact): Pick<LoadStepFact, 'paths'> => ({
  paths: fact.paths.map((path) => {
    const badBySecond = Array.from({ length: 20 }, () => Math.ceil(path.all.count / 100));
    const calls = { ...path.all, badBySecond };
    return { ...path, p99Ms: 'failed', all: calls, rest: calls };
  }),
});

export const factsOf = (steps: LoadStepFact[], some: Partial<Facts> = {}): Facts => ({
  ...good,
  fault: null,
  problems: [],
  run: { ...good.run, drill: 'capacity', status: 'completed', reason: null },
  steps,
  ...some,
});
