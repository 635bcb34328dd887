import type {
  BudgetFact,
  Facts,
  LatencyFact,
  OrderFacts,
  PlacingFact,
  RecoveryFact,
  ReplicaFact,
} from '../../src/model/facts.ts';
import type { Objectives } from '../../src/model/objectives.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Finding } from '../../src/model/verdict.ts';
import { judge } from '../../src/verdict/judge.ts';

/** Seconds since the load started. */
export const at = (seconds: number): number => Date.UTC(2026, 10, 27, 9) + seconds * 1_000;

/** A failover drill with its usual promises. */
export const plan: Plan = {
  drill: 'aurora-failover',
  title: 'Aurora failover',
  target: 'local',
  profile: {
    name: 'quick',
    baselineRatePerSecond: 64,
    peakFactor: 10,
    baselineMs: 8_000,
    rampMs: 2_000,
    peakMs: 20_000,
    afterFaultMs: 40_000,
  },
  fault: { kind: 'aurora-failover', summary: 'the writer fails' },
  without: [],
  objectives: {
    latency: [
      { path: 'api', limitMs: 100, phases: ['baseline', 'peak'] },
      { path: 'checkout', limitMs: 200, phases: ['peak'] },
    ],
    recovery: [
      { path: 'write', objectiveMs: 30_000 },
      { path: 'shop', objectiveMs: 35_000 },
    ],
    errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.25 },
  },
  peakRatePerSecond: 640,
  loadDurationMs: 70_000,
  samples: [
    { path: 'api', phase: 'baseline', limitMs: 100, expected: 200, judged: false, reason: 'too few' },
    { path: 'api', phase: 'peak', limitMs: 100, expected: 12_000, judged: true, reason: 'about 12000 calls' },
    { path: 'checkout', phase: 'peak', limitMs: 200, expected: 486, judged: true, reason: 'about 486 calls' },
  ],
};

/** Bad calls far apart from each other, so each is a spell of its own. */
export const apart = (count: number, bad: number): Partial<LatencyFact> => ({
  count,
  bad,
  badBySecond: Array<number>(bad).fill(1),
  seconds: 1e6,
});

/** Calls of 20 s, the bad ones by the second in which they started. */
export const inSpells = (count: number, badBySecond: number[]): Partial<LatencyFact> => ({
  count,
  bad: badBySecond.reduce((sum, bad) => sum + bad, 0),
  badBySecond,
  seconds: 20,
});

const latency = (
  path: LatencyFact['path'],
  phase: LatencyFact['phase'],
  some: Partial<LatencyFact> = {},
): LatencyFact => ({
  path,
  phase,
  failed: 0,
  ...(inSpells(512, []) as Pick<LatencyFact, 'count' | 'bad' | 'badBySecond' | 'seconds'>),
  lateBad: 0,
  limitMs: path === 'api' ? 100 : 200,
  p50Ms: 9.12345,
  p95Ms: 20,
  p99Ms: 41.2,
  p999Ms: 57,
  error: 0.05,
  p99LowMs: 35,
  p99HighMs: 58,
  succeeded: { count: 512, p50Ms: 9.12345, p99Ms: 41.2 },
  robbed: { seconds: 0, calls: 0, bad: 0, leftOut: false },
  worstSecond: null,
  ...some,
});

/** The least that a time can be; for one without an end, all that was watched. */
const atLeast = (actualMs: number | null, observedMs: number, uncertaintyMs = 10): number =>
  Math.max(0, (actualMs ?? observedMs) - uncertaintyMs);

/** A replica that stayed in service and was soon back. */
export const replica = (some: Partial<ReplicaFact> = {}): ReplicaFact => {
  const fact = { replica: 'a', zone: 'z', actualMs: 4_100, takenAway: null, observedMs: 40_000, sentShare: 1, ...some };
  return { atLeastMs: atLeast(fact.actualMs, fact.observedMs), ...fact };
};

/** A recovery within its objective. */
export const recovery = (path: RecoveryFact['path'], some: Partial<RecoveryFact> = {}): RecoveryFact =>
  withBounds({
    path,
    outage: true,
    recovered: true,
    outageStartMs: at(30.2),
    outageEndMs: at(34.2),
    uncertaintyMs: 10,
    badMs: 3_900,
    flaps: 0,
    serviceRestoredMs: 4_200,
    performanceRestoredMs: 5_100,
    observedMs: 40_000,
    phases: [{ name: 'promotion', startMs: 0, endMs: 2_000.00049 }],
    replicas: [replica()],
    ready: null,
    probes: 8_000,
    unserved: some.outage === false ? 0 : 390,
    ...some,
  });

/** The same with the lower bounds that follow from its times. */
export const withBounds = (
  fact: Omit<RecoveryFact, 'serviceAtLeastMs' | 'performanceAtLeastMs'> & Partial<RecoveryFact>,
): RecoveryFact => ({
  ...fact,
  serviceAtLeastMs: atLeast(fact.recovered ? fact.serviceRestoredMs : null, fact.observedMs, fact.uncertaintyMs),
  performanceAtLeastMs:
    fact.ready === null ? atLeast(fact.performanceRestoredMs, fact.observedMs, fact.uncertaintyMs) : null,
});

export const placing: PlacingFact = {
  attempted: 1_440,
  acknowledged: 1_400,
  rejected: 18,
  indeterminate: 22,
  silent: 3,
  late: 3,
  overdue: 1,
};

/** None lost. */
export const orders: OrderFacts = {
  scope: 'all',
  persisted: 1_415,
  lost: 0,
  duplicated: 0,
  recovered: 15,
  unexpected: 0,
  wrong: 0,
  compared: 1_415,
  lostKeys: [],
  duplicatedKeys: [],
  wrongKeys: [],
};

export const budget = (path: BudgetFact['path'], some: Partial<BudgetFact> = {}): BudgetFact => ({
  path,
  good: 1_400,
  bad: 90,
  robbedBad: 0,
  openAtEnd: false,
  alerts: [
    { severity: 'page', longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4, highestBurn: 7.20049, firedAtMs: null },
    { severity: 'ticket', longMs: 86_400_000, shortMs: 7_200_000, burnRate: 3, highestBurn: 3.3, firedAtMs: at(41) },
  ],
  ...some,
});

/** Of a drill that promises none of it. */
export const notAskedFor = {
  calls: [],
  refusal: null,
  sessions: null,
  capacity: null,
  replacements: null,
  unheard: [],
  autoscaling: null,
  agreement: [],
} satisfies Partial<Facts>;

/** A drill that passes, though its profile has too few calls to keep the API's promise at baseline. */
export const good: Facts = {
  run: {
    drill: 'aurora-failover',
    runId: 'r1',
    target: 'local',
    command: 'npm run drill',
    status: 'completed',
    reason: null,
    startedAtMs: at(-12),
    finishedAtMs: at(75.0004),
    environment: {
      commit: null,
      dirty: null,
      versions: { b: '1', a: '2' },
      scale: '1:10',
      fidelity: [],
      fingerprint: 'f',
    },
  },
  timeline: {
    baselineStartMs: at(0),
    rampStartMs: at(8),
    peakStartMs: at(10),
    injectedAtMs: at(30),
    disturbedAtMs: at(30),
    recoveredAtMs: at(65),
    loadEndMs: at(70),
    secondsTurnMs: 0,
  },
  load: {
    baselineRatePerSecond: 64.02,
    peakRatePerSecond: 638.123456,
    peakProvenAtMs: at(17),
    dropped: 0,
    droppedInPhases: [],
    unsentInPhases: [],
    lateInPhases: [],
    generator: { name: 'k6', version: '2.2.0', exitCode: 0, maxVus: 100, availableVus: 900 },
  },
  fault: {
    kind: 'aurora-failover',
    injectedAtMs: at(30),
    provenAtMs: at(32),
    revertedAtMs: at(40),
    proof: 'the writer is db-b now',
  },
  latency: [
    latency('api', 'baseline', { ...inSpells(200, []), seconds: 8 }),
    latency('api', 'peak', inSpells(12_000, Array<number>(10).fill(1))),
    latency('checkout', 'peak'),
  ],
  recovery: [recovery('write'), recovery('shop')],
  placing,
  orders,
  ...notAskedFor,
  budgets: [budget('api', { good: 36_000, bad: 800 }), budget('checkout')],
  host: {
    cpuCount: 2,
    cpuPressureRatio: 0.8,
    stealRatio: 0.001,
    busyRatio: 1,
    neighbourRatio: 0.02,
    robbed: [],
    sentinelLatenessP99Ms: 2.1,
    phases: [],
    clockStepMs: 0.4,
  },
  series: [],
  platformEvents: [],
  runbook: null,
  problems: [],
};

/** The finding of this drill with changed facts, and with other objectives besides its usual ones. */
export function findingOf(id: string, facts: Partial<Facts> = {}, objectives: Partial<Objectives> = {}): Finding {
  const verdict = judge({ ...good, ...facts }, { ...plan, objectives: { ...plan.objectives, ...objectives } });
  const finding = verdict.findings.find((one) => one.id === id);
  if (finding === undefined) throw new Error(`no finding ${id}`);
  return finding;
}

/** k6 dropped three iterations: up to thirty calls. */
export const dropped: Partial<Facts> = { load: { ...good.load, dropped: 3 } };

/** The host robbed the instruments of two seconds of the fault's phase. */
export const robbedHost: Partial<Facts> = {
  host: {
    ...good.host,
    robbed: [at(31), at(32)].map((atMs) => ({ atMs, because: 'stolen' })),
    phases: [
      { phase: 'fault', seconds: 35, robbedSeconds: 2, stealRatio: 0.1, busyRatio: 0.7, sentinelLatenessP99Ms: 40 },
    ],
  },
};

/** Nothing shows that the fault bit. */
export const unproven: Partial<Facts> = { fault: good.fault && { ...good.fault, provenAtMs: null } };
