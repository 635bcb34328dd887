import { expect, test } from 'vitest';
import { copyRun } from '../../fixtures/evidence/copy-run.ts';
import { judgeStored } from '../drill/judge-run.ts';
import type { Observation } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';

/** See fixtures/evidence: a baseline of 60 requests/s, and from here on 600. */
const [baselineMs, peakMs] = [1_795_284_752_116, 1_795_284_764_116];

const step = (factor: number, atMs: number, seconds: number): Observation => ({
  kind: 'load-step',
  atMs,
  untilMs: atMs + seconds * 1_000,
  factor,
  ratePerSecond: 60 * factor,
});

const pool = (atMs: number, uses: number): Observation => ({
  kind: 'pools',
  atMs,
  pools: ['a', 'b'].map((replica) => ({
    replica,
    role: 'writer',
    connections: 6,
    uses,
    holdSeconds: uses / 50,
    waitSeconds: uses / 1_000,
  })),
});

/** The recorded run, as if its load had gone up in steps. */
async function judged(more: Observation[]): Promise<Facts> {
  await using run = await copyRun();
  await run.edit(
    'observations.ndjson',
    (line) => line,
    more.map((one) => JSON.stringify(one)),
  );
  const inSteps = (plan: Plan): Plan => ({ ...plan, profile: { ...plan.profile, steps: [10] } });
  return (await judgeStored(run.folder, inSteps)).facts;
}

test('a step has the rate that was sent in it, and the calls that were open at once', async () => {
  const { steps = [], load } = await judged([step(1, baselineMs, 8), step(10, peakMs, 20)]);
  expect(steps.map(({ factor }) => factor)).toEqual([1, 10]);
  const [first, last] = steps;
  expect(first?.startedPerSecond).toBeCloseTo(load.baselineRatePerSecond ?? 0, 0);
  expect((last?.startedPerSecond ?? 0) / (load.peakRatePerSecond ?? 1)).toBeCloseTo(1, 1);
  expect((last?.servedPerSecond ?? 0) / (last?.startedPerSecond ?? 1)).toBeCloseTo(1, 1);
  // Ten times the calls, at some milliseconds each.
  expect(last?.inFlight).toBeGreaterThan(4 * (first?.inFlight ?? Infinity));
  expect(last?.inFlight).toBeLessThan(600);
  expect(last?.paths.map(({ path }) => path)).toEqual(['api', 'checkout']);
  const calls = last?.paths.reduce((sum, { all }) => sum + all.count, 0) ?? 0;
  expect(calls / (20 * (last?.startedPerSecond ?? 1))).toBeCloseTo(1, 1);
  expect(last?.probes?.throughEdgeMs).toBeGreaterThan(0);
  expect(last?.busyRatio).toBeGreaterThan(0);
});

test('a pool is told by what it counted in the step, over all replicas', async () => {
  const pools = [
    pool(peakMs - 500, 0),
    pool(peakMs + 1_000, 100),
    pool(peakMs + 6_000, 350),
    pool(peakMs + 11_000, 600),
  ];
  const { steps = [] } = await judged([step(10, peakMs, 20), ...pools]);
  // Each of two replicas: 500 uses in 10 s, 20 ms each, after 1 ms of waiting.
  expect(steps[0]?.pools).toEqual([
    { role: 'writer', connections: 12, usesPerSecond: 100, holdMs: 20, waitMs: 1, inUse: 2 },
  ]);
});

test('a step that was not held to its end is none, and a run without any has none', async () => {
  const { steps } = await judged([step(1, baselineMs, 8), step(10, peakMs, 2_000)]);
  expect(steps?.map(({ factor }) => factor)).toEqual([1]);
  expect((await judged([])).steps).toEqual([]);
});
