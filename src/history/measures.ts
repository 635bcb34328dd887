import type { Facts, Percentile } from '../model/facts.ts';
import type { Measure } from '../model/history.ts';
import type { Verdict } from '../model/verdict.ts';

/** What a run measured, as its verdict has it; what it could not measure is left out. */
export const measuresOf = (verdict: Verdict, facts: Facts): Measure[] => [
  ...recoveries(verdict, facts),
  ...latencies(verdict),
  ...detections(verdict, facts),
];

/** A recovery that failed without an end took longer than it was watched. One that nothing can be said of is left out. */
function recoveries({ recovery }: Verdict, facts: Facts): Measure[] {
  return recovery.flatMap(({ path, actualMs, uncertaintyMs, outcome }): Measure[] => {
    const id = `recovery.${path}` as const;
    const isPromised = outcome !== null;
    if (actualMs !== null) {
      const bounds = { lowMs: atLeast(actualMs, uncertaintyMs), highMs: uncertaintyMs && actualMs + uncertaintyMs };
      return [{ id, valueMs: actualMs, ...bounds, isPromised }];
    }
    const fact = facts.recovery.find((one) => one.path === path);
    if (outcome !== 'fail' || fact === undefined) return [];
    const lowMs =
      path === 'shop' ? Math.max(fact.serviceAtLeastMs, fact.performanceAtLeastMs ?? 0) : fact.serviceAtLeastMs;
    return [{ id, valueMs: Number.POSITIVE_INFINITY, lowMs, highMs: null, isPromised }];
  });
}

const atLeast = (actualMs: number, uncertaintyMs: number | null): number | null =>
  uncertaintyMs === null ? null : Math.max(0, actualMs - uncertaintyMs);

function latencies({ latency }: Verdict): Measure[] {
  return latency.flatMap(({ path, phase, p99Ms, p99LowMs, p99HighMs, outcome }): Measure[] =>
    p99Ms === null
      ? []
      : [
          {
            id: `p99.${path}.${phase}`,
            valueMs: msOf(p99Ms),
            lowMs: p99LowMs === null ? null : msOf(p99LowMs),
            highMs: p99HighMs === null ? null : msOf(p99HighMs),
            isPromised: outcome !== null,
          },
        ],
  );
}

const msOf = (percentile: Exclude<Percentile, null>): number =>
  percentile === 'failed' ? Number.POSITIVE_INFINITY : percentile;

/** Alerts are checked once a second. Where nobody would have been paged, nothing was detected, soon or late. */
const alertsEveryMs = 1_000;

function detections({ fault }: Verdict, { budgets, fault: fact }: Facts): Measure[] {
  if (fault === null || fact?.injectedAtMs == null) return [];
  const { injectedAtMs, provenAtMs } = fact;
  const pages = (budgets ?? [])
    .flatMap(({ alerts }) => alerts)
    .flatMap(({ severity, firedAtMs }) => (severity === 'page' && firedAtMs !== null ? [firedAtMs - injectedAtMs] : []))
    .filter((afterMs) => afterMs >= 0);
  const [proofMs, pageMs] = [provenAtMs === null ? null : provenAtMs - injectedAtMs, Math.min(...pages)];
  return [
    ...(proofMs === null
      ? []
      : [{ id: 'detection.proof' as const, valueMs: proofMs, lowMs: null, highMs: null, isPromised: false }]),
    ...(pages.length === 0
      ? []
      : [
          {
            id: 'detection.page' as const,
            valueMs: pageMs,
            lowMs: Math.max(0, pageMs - alertsEveryMs),
            highMs: pageMs,
            isPromised: false,
          },
        ]),
  ];
}
