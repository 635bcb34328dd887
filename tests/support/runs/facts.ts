import type { BudgetFact, Facts } from '../../../src/model/facts.ts';
import { notAskedFor } from '../test-drill.ts';
import { latencyOf } from './latency.ts';
import { recoveryOf } from './recovery.ts';
import { seriesOf } from './series.ts';
import { at, command, endS, fingerprint, injectedS, recoveredAfterS, type Shape } from './shape.ts';

/** The facts of a failover. */
export const factsOf = (shape: Shape): Facts => ({
  run: runOf(),
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
  load: {
    baselineRatePerSecond: 64.02,
    peakRatePerSecond: 639.7,
    peakProvenAtMs: at(26.1),
    dropped: 0,
    droppedInPhases: [],
    unsentInPhases: [],
    lateInPhases: [],
    generator: { name: 'k6', version: 'v2.2.0', exitCode: 0, maxVus: 118, availableVus: 400 },
  },
  fault: {
    kind: 'aurora-failover',
    injectedAtMs: at(injectedS),
    provenAtMs: at(injectedS + 2.11),
    revertedAtMs: at(injectedS + 9.4),
    proof: 'the writer changed from db-a to db-b',
  },
  latency: latencyOf(shape),
  recovery: recoveryOf(shape),
  placing: {
    attempted: 1440,
    acknowledged: 1438,
    rejected: 1,
    indeterminate: 1,
    silent: 0,
    late: 0,
    overdue: 0,
  },
  orders: {
    scope: 'all',
    persisted: 1438 - shape.lost,
    lost: shape.lost,
    duplicated: 0,
    recovered: 0,
    unexpected: 0,
    wrong: 0,
    compared: 1438 - shape.lost,
    lostKeys: Array.from({ length: shape.lost }, (_, i) => `20261127-090000-k3f9-order-${1100 + i}`),
    duplicatedKeys: [],
    wrongKeys: [],
  },
  ...notAskedFor,
  budgets: budgetsOf(shape),
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
  runbook: null,
  problems: [],
});

const runOf = (): Facts['run'] => ({
  drill: 'aurora-failover',
  runId: '20261127-090000-k3f9',
  target: 'local',
  command,
  status: 'completed',
  reason: null,
  startedAtMs: at(-12),
  finishedAtMs: at(endS + 5.2),
  environment: {
    commit: '9f2c4e8ab01d5c6f7e8d9a0b1c2d3e4f5a6b7c8d',
    dirty: false,
    versions: { node: 'v24.21.0', k6: 'v2.2.0', postgresql: '18.4' },
    scale: '1:10 of the reference platform’s request rate',
    fidelity: [
      'database failover: DNS flips 3 s after the promotion (Aurora: 15-40 s)',
      'node boot: 4 s (EKS: 45-90 s tuned)',
      'load and platform share one machine',
    ],
    fingerprint,
  },
});

/** Checkouts failed until writes were back or, if they never were, until the end of the load. */
function budgetsOf({ recoveryS }: Shape): BudgetFact[] {
  const alerts: BudgetFact['alerts'] = [
    { severity: 'page', longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4, highestBurn: 16.1, firedAtMs: at(51) },
    { severity: 'page', longMs: 21_600_000, shortMs: 1_800_000, burnRate: 6, highestBurn: 2.9, firedAtMs: null },
  ];
  const calm = { robbedBad: 0, openAtEnd: false, alerts };
  return [
    { ...calm, path: 'api', good: 36_376, bad: 82 },
    recoveryS === null
      ? { ...calm, path: 'checkout', good: 640, bad: 800, openAtEnd: true }
      : { ...calm, path: 'checkout', good: 1309, bad: 131 },
  ];
}

/** The facts of a run that ended while its platform came up: nothing was measured. */
export function emptyFacts(): Facts {
  const known = factsOf({ recoveryS: null, checkoutP99Ms: 0, lost: 0 });
  const nothing = { cpuPressureRatio: null, stealRatio: null, busyRatio: null, neighbourRatio: null };
  return {
    ...known,
    run: { ...known.run, status: 'interrupted', reason: 'interrupted by SIGINT', finishedAtMs: at(-8) },
    timeline: {
      baselineStartMs: null,
      rampStartMs: null,
      peakStartMs: null,
      injectedAtMs: null,
      disturbedAtMs: null,
      recoveredAtMs: null,
      loadEndMs: null,
      secondsTurnMs: 0,
    },
    load: {
      ...known.load,
      baselineRatePerSecond: null,
      peakRatePerSecond: null,
      peakProvenAtMs: null,
      dropped: null,
      generator: { name: 'k6', version: 'unknown', exitCode: null, maxVus: null, availableVus: null },
    },
    fault: null,
    latency: [],
    recovery: [],
    placing: null,
    orders: null,
    budgets: null,
    host: { ...known.host, ...nothing, sentinelLatenessP99Ms: null, clockStepMs: null },
    series: [],
    platformEvents: [],
    problems: [{ about: 'host', message: 'nothing tells how the host fared, and whether its clock was stepped' }],
  };
}
