import type { Phase } from '../../../src/model/objectives.ts';
import type { Plan, PlannedSamples } from '../../../src/model/plan.ts';
import type { LatencyPath } from '../../../src/model/profile.ts';

/** The plan of the failover drill. */
export function planOf(): Plan {
  const promised: Phase[] = ['baseline', 'peak', 'recovered'];
  const samples = (['api', 'checkout'] as const).flatMap((path) =>
    promised.map((phase): PlannedSamples => {
      const expected = counts[path][phase];
      const judged = expected >= fewest;
      const reason = judged
        ? `about ${expected} calls`
        : `about ${expected} calls are too few to show that a p99 is kept (at least 299 are needed); they can only show that it is broken`;
      return { path, phase, limitMs: path === 'api' ? 100 : 200, expected, judged, reason };
    }),
  );
  return {
    drill: 'aurora-failover',
    title: 'Aurora primary failure at ten times the traffic',
    target: 'local',
    profile: {
      name: 'laptop',
      baselineRatePerSecond: 64,
      peakFactor: 10,
      baselineMs: 8000,
      rampMs: 8000,
      peakMs: 17_000,
      afterFaultMs: 37_000,
    },
    fault: { kind: 'aurora-failover', summary: 'the database’s writer fails over to a reader in another zone' },
    without: [],
    objectives: {
      latency: [
        { path: 'api', limitMs: 100, phases: promised },
        { path: 'checkout', limitMs: 200, phases: promised },
      ],
      recovery: [
        { path: 'write', objectiveMs: 30_000 },
        { path: 'read', objectiveMs: 30_000 },
      ],
      errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.25 },
    },
    peakRatePerSecond: 640,
    loadDurationMs: 70_000,
    samples,
  };
}

/** Calls of each path in each phase. */
export const counts: Record<LatencyPath, Record<Phase, number>> = {
  api: { baseline: 493, ramp: 2709, peak: 10_608, fault: 18_470, recovered: 4178 },
  checkout: { baseline: 19, ramp: 107, peak: 419, fault: 730, recovered: 165 },
};

/** The fewest planned calls by which a promise can be kept. */
export const fewest = 329;
