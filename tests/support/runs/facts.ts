import type { Facts, SeriesPoint } from '../../../src/model/facts.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { at, command, endS, injectedS, recoveredAfterS, type Shape } from './shape.ts';

export function factsOf(shape: Shape, verdict: Verdict): Facts {
  const { orders, recovery, load } = verdict;
  const ms = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));
  return {
    run: {
      drill: verdict.drill,
      runId: verdict.runId,
      target: verdict.target,
      command,
      status: 'completed',
      reason: null,
      startedAtMs: at(-12),
      finishedAtMs: at(endS + 5.2),
      environment: verdict.environment,
    },
    timeline: {
      baselineStartMs: at(0),
      rampStartMs: at(8),
      peakStartMs: at(16),
      injectedAtMs: at(injectedS),
      disturbedAtMs: at(injectedS),
      recoveredAtMs: at(injectedS + recoveredAfterS),
      loadEndMs: at(endS),
      secondsTurnMs: 0,
    },
    load: { ...load, droppedInPhases: [], unsentInPhases: [], lateInPhases: [], peakProvenAtMs: ms(load.peakProvenAt) },
    fault: {
      kind: 'aurora-failover',
      injectedAtMs: at(injectedS),
      provenAtMs: at(injectedS + 2.11),
      revertedAtMs: at(injectedS + 9.4),
      proof: verdict.fault?.proof ?? null,
    },
    latency: verdict.latency.map(({ outcome: _, ...row }) => ({
      ...row,
      failed: row.count - row.succeeded.count,
      error: 0.05,
      badBySecond: Array<number>(row.bad).fill(1),
      lateBad: 0,
      seconds: 20,
      worstSecond: null,
    })),
    recovery: recovery.map(
      ({ objectiveMs: _, outcome: __, lanes: ___, actualMs, outageStart, outageEnd, ...item }) => ({
        ...item,
        outage: true,
        recovered: actualMs !== null,
        outageStartMs: ms(outageStart),
        outageEndMs: ms(outageEnd),
        uncertaintyMs: item.uncertaintyMs ?? 0,
        badMs: item.badMs ?? 0,
        flaps: item.flaps ?? 0,
        serviceAtLeastMs: item.serviceRestoredMs ?? 36_786,
        performanceAtLeastMs: item.performanceRestoredMs ?? 36_786,
        observedMs: 36_786,
        replicas: item.replicas.map((replica) => ({ ...replica, atLeastMs: 0, observedMs: 36_786, sentShare: 1 })),
        ready: null,
        probes: 22_104,
        unserved: 0,
      }),
    ),
    placing: {
      attempted: orders.attempted ?? 0,
      acknowledged: orders.acknowledged ?? 0,
      rejected: orders.rejected ?? 0,
      indeterminate: orders.indeterminate ?? 0,
      silent: 0,
      late: 0,
      overdue: 0,
    },
    orders: {
      scope: 'all',
      persisted: orders.persisted ?? 0,
      lost: orders.lost ?? 0,
      duplicated: 0,
      recovered: 15,
      unexpected: 0,
      wrong: 0,
      compared: orders.persisted ?? 0,
      lostKeys: Array.from({ length: shape.lost }, (_, i) => `20261127-090000-k3f9-order-${1100 + i}`),
      duplicatedKeys: [],
      wrongKeys: [],
    },
    calls: [],
    refusal: null,
    sessions: null,
    capacity: null,
    autoscaling: null,
    agreement: [],
    budgets: verdict.errorBudget.promises.map(({ path, goodEvents, badEvents, isLowerBound }) => ({
      path,
      good: goodEvents ?? 0,
      bad: badEvents ?? 0,
      robbedBad: 0,
      openAtEnd: isLowerBound,
      alerts: [
        { severity: 'page', longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4, highestBurn: 16.1, firedAtMs: at(51) },
        { severity: 'page', longMs: 21_600_000, shortMs: 1_800_000, burnRate: 6, highestBurn: 2.9, firedAtMs: null },
      ],
    })),
    host: {
      cpuCount: 8,
      cpuPressureRatio: 0.041,
      stealRatio: 0,
      busyRatio: 0.63,
      neighbourRatio: 0.02,
      robbed: [],
      sentinelLatenessP99Ms: 2.1,
      phases: [],
      clockStepMs: 0.4,
    },
    series: seriesOf(shape),
    platformEvents: [
      { atMs: at(injectedS + 0.05), source: 'rds', message: 'Started cross AZ failover to DB instance: db-b' },
      { atMs: at(injectedS + 2.107), source: 'rds', message: 'Completed failover to DB instance: db-b' },
      { atMs: at(injectedS + 5.122), source: 'dns', message: 'shop.cluster-local now points to db-b' },
    ],
    problems: [],
  };
}

/** A point a second; writes fail during the outage, pile up as they return, and one second is missing. */
function seriesOf({ recoveryS, checkoutP99Ms }: Shape): SeriesPoint[] {
  const outageEndS = injectedS + (recoveryS ?? 40);
  return Array.from({ length: endS }, (_, second) => {
    const wobble = Math.sin(second * 2.3) * 0.5 + Math.sin(second * 0.71) * 0.5;
    const planned = second < 8 ? 64 : second < 16 ? 64 + (576 * (second - 8)) / 8 : 640;
    const outage = second >= Math.floor(injectedS) && second < outageEndS;
    const settling = second >= outageEndS && second < outageEndS + 2;
    const load = planned / 640;
    const calm = checkoutP99Ms * (0.17 + 0.32 * load) * (1 + wobble * 0.14);
    return {
      atMs: at(second),
      ratePerSecond: Math.round(planned * (1 + wobble * 0.012)),
      errorsPerSecond: outage ? Math.round(26 + wobble * 7) : settling ? 4 : 0,
      p50Ms: outage ? 7.2 + wobble : 5.1 + 6 * load + wobble,
      p95Ms: outage ? 640 + wobble * 90 : calm * 0.4,
      p99Ms: outage ? 3004 + wobble * 20 : settling ? 512 : calm,
    };
  }).filter((_, second) => second !== 52);
}
