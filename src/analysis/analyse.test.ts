import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Observation, probeColumns } from '../model/evidence.ts';
import type { Facts, LatencyFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { checksum } from '../runtime/files.ts';
import { shareBounds } from '../statistics/share.ts';
import { analyse as analyseStored } from './analyse.ts';
import { secondStartUs } from './timeline.ts';

/** See fixtures/README.md: 2 s baseline, 1 s ramp, then 9 s at peak; here the fault is set 3 s into the peak. */
const recorded = gunzipSync(await readFile(new URL('./fixtures/k6.csv.gz', import.meta.url))).toString();
const startMs = 1_795_261_416_656;
const [injectedAtMs, loadEndMs] = [startMs + 6_000, startMs + 12_000];
/** The plan's only recovery objective is 5 s. */
const recoveredAtMs = injectedAtMs + 5_000;

const plan: Plan = {
  drill: 'aurora-failover',
  title: 'Aurora failover',
  target: 'local',
  profile: {
    name: 'quick',
    baselineRatePerSecond: 10,
    peakFactor: 10,
    baselineMs: 2_000,
    rampMs: 1_000,
    peakMs: 5_000,
    afterFaultMs: 5_000,
  },
  fault: { kind: 'aurora-failover', summary: 'the writer fails' },
  without: [],
  objectives: {
    latency: [
      { path: 'api', limitMs: 40, phases: ['peak', 'fault'] },
      { path: 'checkout', limitMs: 200, phases: ['peak'] },
    ],
    recovery: [{ path: 'write', objectiveMs: 5_000 }],
    errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.25 },
  },
  peakRatePerSecond: 100,
  loadDurationMs: 12_000,
  samples: [{ path: 'api', phase: 'peak', limitMs: 40, expected: 300, judged: true, reason: 'about 300 calls' }],
};

const mark = (
  atMs: number,
  name: 'baseline-start' | 'ramp-start' | 'peak-start' | 'peak-proven' | 'back-start' | 'load-end',
): Observation => ({
  kind: 'mark',
  atMs,
  mark: name,
});
const environment = {
  commit: 'abc',
  dirty: false,
  versions: { k6: '2.2.0' },
  scale: '1:10',
  fidelity: [],
  fingerprint: 'f',
};
const host = (atMs: number, busyRatio: number): Observation => ({
  kind: 'host',
  atMs,
  busyRatio,
  stealRatio: 0.01,
  cpuPressureRatio: null,
});
const observations: Observation[] = [
  {
    kind: 'run-started',
    atMs: startMs - 9_000,
    drill: 'aurora-failover',
    runId: 'r1',
    target: 'local',
    profile: 'quick',
    command: 'npm run drill -- aurora-failover',
    environment: { ...environment, versions: {} },
  },
  { kind: 'environment', atMs: startMs - 100, environment },
  mark(startMs, 'baseline-start'),
  host(startMs + 500, 0.1),
  mark(startMs + 2_000, 'ramp-start'),
  mark(startMs + 3_000, 'peak-start'),
  host(startMs + 4_000, 0.8),
  host(startMs + 5_000, 0.9),
  mark(startMs + 5_500, 'peak-proven'),
  { kind: 'fault', atMs: injectedAtMs - 5, fault: 'aurora-failover', state: 'injecting' },
  { kind: 'fault', atMs: injectedAtMs, fault: 'aurora-failover', state: 'injected' },
  { kind: 'fault', atMs: injectedAtMs + 400, fault: 'aurora-failover', state: 'proven', detail: 'the writer changed' },
  mark(loadEndMs, 'load-end'),
  { kind: 'load-finished', atMs: loadEndMs + 100, exitCode: 0, version: '2.2.0', availableVus: 70 },
  { kind: 'run-finished', atMs: loadEndMs + 900, status: 'completed', reason: null },
];

/** Probes of an edge lane, 100 a second; they fail between two offsets from the injection. */
function probesOf(lane: string, path: 'read' | 'write', failFromMs: number, failToMs: number, replica = ''): string[] {
  return Array.from({ length: 1_300 }, (_, i) => {
    const intendedUs = (startMs + i * 10) * 1000;
    const sinceMs = startMs + i * 10 - injectedAtMs;
    const error = sinceMs >= failFromMs && sinceMs < failToMs ? 'http-503' : '';
    const via = replica === '' ? 'edge' : 'replica';
    return `${lane},${path},${via},${replica},z1,pooled,${intendedUs},${intendedUs + 300},${intendedUs + 9_000},${error ? 503 : 200},${error}`;
  });
}
/** Of a replica: from the injection to the end of the load, with every probe sent. */
const watched = { observedMs: expect.closeTo(6_000, -2), sentShare: 1 };
const probes = [
  ...probesOf('edge-write-pooled', 'write', 200, 1_500),
  ...probesOf('edge-write-new', 'write', 100, 1_200),
  ...probesOf('edge-read-pooled', 'read', 0, 0),
  ...probesOf('replica-a', 'write', 200, 2_100, 'pod-a'),
  ...probesOf('replica-b', 'write', 200, 99_000, 'pod-b'),
];

interface Call {
  startUs: number;
  wallUs: number;
  path: string;
  failed: boolean;
  firstTry: boolean;
}
/** The recorded calls read without a database, to check the facts against. */
const calls: Call[] = recorded
  .split('\n')
  .filter((line) => line.startsWith('tenfold_call,'))
  .map((line) => {
    const [, end, value, , , , tags = ''] = line.split(',');
    const wallUs = Math.round(Number(value) * 1000);
    const path = tags.includes('op=checkout') ? 'checkout' : 'api';
    const firstTry = (/attempt=(\d+)/.exec(tags)?.[1] ?? '1') === '1';
    return { startUs: Number(end) - wallUs, wallUs, path, failed: tags.includes('result=failed'), firstTry };
  });
const limitUs = (path: string): number => (path === 'api' ? 40_000 : 200_000);
const isBad = ({ failed, wallUs, path }: Call): boolean => failed || wallUs > limitUs(path);
/** It was in flight at the injection, and had not outrun its limit. */
const isInFlight = ({ startUs, wallUs, path }: Call): boolean =>
  startUs < injectedAtMs * 1000 && startUs + Math.min(wallUs, limitUs(path)) >= injectedAtMs * 1000;
/**
 * It was open at or after the injection and began before the fault was over; a good one past its limit by then is the
 * peak's.
 */
const isStruck = ({ startUs, wallUs, path, failed }: Call, overMs: number): boolean =>
  startUs + wallUs >= injectedAtMs * 1000 &&
  startUs < overMs * 1000 &&
  (failed || startUs + limitUs(path) >= injectedAtMs * 1000);
const started = (path: string, fromMs: number, toMs: number) =>
  calls.filter((call) => call.path === path && call.startUs >= fromMs * 1000 && call.startUs < toMs * 1000);
const startedAtPeak = (path: string) =>
  started(path, startMs + 3_000, injectedAtMs).filter((call) => !isInFlight(call));
const acknowledged = [...recorded.matchAll(/result=acknowledged,key=(\S+)/g)].map(([, key]) => key as string);
const ordersCsv = (keys: string[]) => `key,order_id,created_us\n${keys.map((key, i) => `${key},${i},1\n`).join('')}`;

let root: string;
let folder: string;
/** Facts of a folder that is sealed as it stands, as a run seals it at its end. */
async function analyse(evidenceFolder: string, ofPlan: Plan): ReturnType<typeof analyseStored> {
  await seal(evidenceFolder);
  return await analyseStored(evidenceFolder, ofPlan);
}
async function seal(evidenceFolder: string): Promise<void> {
  const names = (await readdir(evidenceFolder)).filter((name) => name !== 'manifest.json');
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await checksum(join(evidenceFolder, name))] as const)),
  );
  await writeFile(join(evidenceFolder, 'manifest.json'), JSON.stringify({ files }));
}
const factOf = ({ latency }: Facts, path: string, phase: string): LatencyFact => {
  const fact = latency.find((one) => one.path === path && one.phase === phase);
  if (fact === undefined) throw new Error(`no latency of ${path} in ${phase}`);
  return fact;
};
/** A call as k6 writes it. */
const callRow = (startMs: number, endMs: number, op: string, result = 'ok', attempt = 1) =>
  `tenfold_call,${endMs * 1000},${endMs - startMs},,buy,,result=${result}&op=${op}&attempt=${attempt},\n`;
const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tenfold [analyse] '));
  folder = root;
  await put('observations.ndjson', observations.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await put('k6.csv.gz', gzipSync(recorded));
  await put('probes.csv.gz', gzipSync(`${[probeColumns.join(','), ...probes].join('\n')}\n`));
  await put('orders.csv.gz', gzipSync(ordersCsv(acknowledged)));
});
afterEach(() => rm(root, { recursive: true }));

describe('a whole run', () => {
  it('yields every fact without a problem', async () => {
    const facts = await analyse(folder, plan);
    expect(facts.problems).toEqual([]);
    expect(facts.run).toMatchObject({ runId: 'r1', status: 'completed', startedAtMs: startMs - 9_000, environment });
    expect(facts.fault).toMatchObject({ injectedAtMs, provenAtMs: injectedAtMs + 400, proof: 'the writer changed' });
    expect(facts.host).toMatchObject({ cpuPressureRatio: null, stealRatio: 0.01, sentinelLatenessP99Ms: 0.3 });
    expect(facts.host.busyRatio).toBeCloseTo(0.85);
    expect(facts.load.generator).toEqual({
      name: 'k6',
      version: '2.2.0',
      exitCode: 0,
      maxVus: expect.any(Number),
      availableVus: 70,
    });
    expect(facts.load.dropped).toBe(0);
    expect(facts.load.peakRatePerSecond).toBeCloseTo(100, -1);
    expect(facts.load.baselineRatePerSecond).toBeCloseTo(10, -1);
  });

  it('has exact percentiles over all calls that started in a phase', async () => {
    const { latency } = await analyse(folder, plan);
    const mine = startedAtPeak('api');
    const walls = mine.map(({ wallUs }) => wallUs).sort((a, b) => a - b);
    const fact = latency.find(({ path, phase }) => path === 'api' && phase === 'peak');
    const n = walls.length;
    expect(fact).toMatchObject({
      seconds: 3,
      error: 0.05,
      robbed: { seconds: 0, calls: 0, bad: 0 },
      succeeded: {
        count: n,
        p50Ms: (walls[Math.ceil(n * 0.5) - 1] as number) / 1000,
        p99Ms: (walls[Math.ceil((n * 99) / 100) - 1] as number) / 1000,
      },
      count: n,
      failed: 0,
      bad: walls.filter((us) => us > 40_000).length,
      limitMs: 40,
      p50Ms: (walls[Math.ceil(n * 0.5) - 1] as number) / 1000,
      p99Ms: (walls[Math.ceil((n * 99) / 100) - 1] as number) / 1000,
      p999Ms: (walls[n - 1] as number) / 1000,
      p99HighMs: null,
    });
    expect(latency).toHaveLength(10);
  });

  it('counts failed and slow calls as bad in the fault phase, which lasts until the shop has promised to be well', async () => {
    const facts = await analyse(folder, plan);
    expect(facts.timeline.recoveredAtMs).toBe(recoveredAtMs);
    const mine = started('checkout', injectedAtMs, recoveredAtMs);
    const bad = mine.filter(isBad);
    expect(bad.filter(({ failed }) => failed).length).toBeGreaterThan(0);
    const bySecond = Map.groupBy(bad, ({ startUs }) => secondStartUs(startUs, facts.timeline));
    expect(factOf(facts, 'checkout', 'fault')).toMatchObject({
      count: mine.length,
      failed: mine.filter(({ failed }) => failed).length,
      bad: bad.length,
      badBySecond: [...bySecond.values()].map(({ length }) => length).toSorted((a, b) => b - a),
      seconds: 5,
    });
  });

  it('compares the instruments by the requests that both send, not by those that the script marks as shoppers’ alone', async () => {
    const readsFail = (told: string) =>
      recorded.replaceAll(/^(tenfold_call,.*)result=ok(.*op=product.*),$/gm, `$1result=failed$2${told},`);
    const contradictions = async (csv: string) => {
      await put('k6.csv.gz', gzipSync(csv));
      return (await analyse(folder, plan)).agreement.find(({ path }) => path === 'read')?.contradictions.length;
    };
    const popular = Array.from({ length: 600 }, (_, i) =>
      callRow(startMs + i * 20, startMs + i * 20 + 5, 'product'),
    ).join('');
    expect(await contradictions(readsFail(''))).toBe(1);
    expect(await contradictions(readsFail('&probed=no') + popular)).toBe(0);
    expect(await contradictions(readsFail('') + popular.replaceAll('attempt=1', 'attempt=1&probed=no'))).toBe(1);
  });

  it('has one error budget a promise, of which a try that follows another takes nothing', async () => {
    const again = callRow(injectedAtMs + 100, injectedAtMs + 400, 'checkout', 'failed', 2);
    await put('k6.csv.gz', gzipSync(`${recorded}${again}`));
    const { budgets } = await analyse(folder, plan);
    for (const path of ['api', 'checkout'] as const) {
      const firstTries = calls.filter((call) => call.path === path && call.firstTry);
      const bad = firstTries.filter(isBad).length;
      expect(budgets?.find((one) => one.path === path)).toMatchObject({
        good: firstTries.length - bad,
        bad,
        robbedBad: 0,
        openAtEnd: false,
      });
    }
    expect(calls.some(({ firstTry }) => !firstTry)).toBe(true);
  });

  it('has a budget that is open while calls are bad up to the end of the load', async () => {
    const lateMs = loadEndMs - 2_500;
    const late = Array.from({ length: 4 }, (_, i) =>
      callRow(lateMs + i * 500, lateMs + i * 500 + 90, 'checkout', 'failed'),
    ).join('');
    await put('k6.csv.gz', gzipSync(recorded + late));
    const { budgets } = await analyse(folder, plan);
    expect(budgets?.map(({ path, openAtEnd }) => [path, openAtEnd])).toEqual([
      ['api', false],
      ['checkout', true],
    ]);
  });

  it('has the failed calls in the percentiles, as worse than any limit, and the time of the others apart', async () => {
    const before = factOf(await analyse(folder, plan), 'api', 'peak');
    // The fastest calls fail: that must not make the phase look faster, nor slower than it was for the others.
    const mine = startedAtPeak('api').toSorted((a, b) => a.wallUs - b.wallUs);
    const failing = new Set(
      mine.slice(0, Math.ceil(mine.length * 0.03)).map(({ startUs, wallUs }) => startUs + wallUs),
    );
    const spoilt = recorded
      .split('\n')
      .map((line) =>
        line.startsWith('tenfold_call,') && !line.includes('op=checkout') && failing.has(Number(line.split(',')[1]))
          ? line.replace('result=ok', 'result=failed')
          : line,
      )
      .join('\n');
    await put('k6.csv.gz', gzipSync(spoilt));
    const after = factOf(await analyse(folder, plan), 'api', 'peak');
    const others = mine.slice(after.failed).map(({ wallUs }) => wallUs / 1000);
    const n = others.length;
    expect(after.failed).toBeGreaterThanOrEqual(failing.size);
    expect(after).toMatchObject({
      count: before.count,
      bad: before.bad + after.failed,
      p99Ms: 'failed',
      p999Ms: 'failed',
      p50Ms: others[Math.ceil(mine.length * 0.5) - 1],
      succeeded: {
        count: mine.length - after.failed,
        p50Ms: others[Math.ceil(n * 0.5) - 1],
        p99Ms: others[Math.ceil((n * 990) / 1000) - 1],
      },
    });
    expect(after.p50Ms).toBeGreaterThanOrEqual(before.p50Ms as number);
  });

  it('has no time at all of a phase in which every call failed', async () => {
    await put('k6.csv.gz', gzipSync(recorded.replaceAll('result=ok', 'result=failed')));
    const fact = factOf(await analyse(folder, plan), 'checkout', 'peak');
    expect(fact).toMatchObject({
      bad: fact.count,
      failed: fact.count,
      p50Ms: 'failed',
      p99Ms: 'failed',
      p99LowMs: 'failed',
      succeeded: { count: 0, p50Ms: null, p99Ms: null },
    });
  });

  it.each([
    [1, 'fail'],
    [60_000, 'pass'],
  ])('has bounds of the p99 beside which a limit of %d ms is a %s, as the bad calls say', async (limitMs, outcome) => {
    const objectives = { ...plan.objectives, latency: [{ path: 'api' as const, limitMs, phases: ['peak' as const] }] };
    // All nine seconds of the peak.
    const late = observations.map((one) => (one.kind === 'fault' ? { ...one, atMs: loadEndMs - 1 } : one));
    await write(late);
    const fact = factOf(await analyse(folder, { ...plan, objectives }), 'api', 'peak');
    const { low, high } = shareBounds(fact, fact.error);
    expect([low > 0.01, high < 0.01]).toEqual([outcome === 'fail', outcome === 'pass']);
    expect([Number(fact.p99LowMs) > limitMs, Number(fact.p99HighMs) < limitMs]).toEqual([
      outcome === 'fail',
      outcome === 'pass',
    ]);
  });

  it('has the error of the look at which a phase that was held on is judged', async () => {
    const held = { ...plan, profile: { ...plan.profile, holdOnTimes: 2 } };
    const errors = async (...phases: ('peak' | 'recovered')[]) => {
      const again = phases.map((phase): Observation => ({ kind: 'held-on', atMs: loadEndMs, phase, because: 'open' }));
      await write([...observations.slice(0, -1), ...again, ...observations.slice(-1)]);
      const facts = await analyse(folder, held);
      return (['baseline', 'peak', 'recovered'] as const).map((phase) => factOf(facts, 'api', phase).error);
    };
    expect(await errors()).toEqual([0.05, 0.03, 0.03]);
    const [, peak, recovered] = await errors('peak', 'recovered', 'recovered');
    expect(peak).toBeCloseTo(0.01);
    expect(recovered).toBeCloseTo(0.01);
    expect(0.03 + (peak ?? 1) * 2).toBeCloseTo(0.05);
    // A peak of 3 s where 1.5 s were planned was held on, whether or not a line says so.
    await write(observations);
    const shorter = await analyse(folder, { ...held, profile: { ...held.profile, peakMs: 1_500 } });
    expect(factOf(shorter, 'api', 'peak').error).toBeCloseTo(0.01);
  });

  it('names the second with the most bad calls, and how busy the CPU was in it', async () => {
    const bad = new Map<number, number>();
    for (const { startUs, failed, wallUs } of started('checkout', injectedAtMs, recoveredAtMs)) {
      const secondMs = Math.floor(startUs / 1_000_000) * 1000;
      if (failed || wallUs > 200_000) bad.set(secondMs, (bad.get(secondMs) ?? 0) + 1);
    }
    const [atMs, most] = [...bad].toSorted(([a, m], [b, n]) => n - m || a - b)[0] as [number, number];
    const seen = [...observations, host(atMs, 0.2), host(atMs + 1_000, 0.97), host(atMs + 2_000, 0.3)];
    await put('observations.ndjson', seen.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { latency } = await analyse(folder, plan);
    const worst = (phase: string) => latency.find((one) => one.path === 'checkout' && one.phase === phase)?.worstSecond;
    expect(worst('fault')).toEqual({ atMs, bad: most, busyRatio: 0.97, stealRatio: 0.01 });
    const calm = started('checkout', startMs, startMs + 2_000).filter(isBad);
    expect(worst('baseline')).toEqual(calm.length === 0 ? null : expect.objectContaining({ bad: expect.any(Number) }));
  });

  it('lays a call that the injection met in flight to the peak if it had outrun its limit by then, and to nobody otherwise', async () => {
    const before = await analyse(folder, plan);
    const withCall = async (fromMs: number, toMs: number, result: string) => {
      await put(
        'k6.csv.gz',
        gzipSync(`${recorded}${callRow(injectedAtMs + fromMs, injectedAtMs + toMs, 'checkout', result)}`),
      );
      const after = await analyse(folder, plan);
      return (['peak', 'fault', 'recovered'] as const).map((phase) => {
        const [was, is] = [before, after].map((facts) => factOf(facts, 'checkout', phase));
        return [Number(is?.count) - Number(was?.count), Number(is?.bad) - Number(was?.bad)];
      });
    };
    const [none, good, bad] = [
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    // The limit is 200 ms.
    expect(await withCall(-150, 300, 'failed')).toEqual([none, none, none]);
    expect(await withCall(-150, 20, 'ok')).toEqual([none, none, none]);
    expect(await withCall(-201, 300, 'ok')).toEqual([bad, none, none]);
    expect(await withCall(-201, 300, 'failed')).toEqual([bad, none, none]);
    expect(await withCall(-150, -50, 'ok')).toEqual([good, none, none]);
    expect(await withCall(0, 300, 'failed')).toEqual([none, bad, none]);
  });

  it('lays a call that starts after the end of the load to no phase', async () => {
    const before = await analyse(folder, plan);
    await put('k6.csv.gz', gzipSync(`${recorded}${callRow(loadEndMs + 5, loadEndMs + 700, 'checkout', 'failed')}`));
    const after = await analyse(folder, plan);
    expect(after.latency).toEqual(before.latency);
    expect(after.calls).toEqual(before.calls);
  });

  it('takes the worst lane of a path for its recovery, and each replica by itself', async () => {
    const { recovery } = await analyse(folder, plan);
    const write = recovery.find(({ path }) => path === 'write');
    expect(write).toMatchObject({
      outage: true,
      recovered: true,
      outageStartMs: injectedAtMs + 100,
      outageEndMs: injectedAtMs + 1_500,
      serviceRestoredMs: 1_500,
      performanceRestoredMs: 1_500,
      badMs: 1_300,
      uncertaintyMs: 10,
      replicas: [
        { replica: 'pod-a', zone: 'z1', actualMs: 2_100, takenAway: null },
        { replica: 'pod-b', zone: 'z1', actualMs: null, takenAway: null, ...watched },
      ],
    });
    expect(write?.lanes).toMatchObject([
      { lane: 'edge-write-new', serviceRestoredMs: 1_200, uncertaintyMs: 10, badMs: 1_100 },
      { lane: 'edge-write-pooled', serviceRestoredMs: 1_500, uncertaintyMs: 10, badMs: 1_300 },
    ]);
    expect(write?.phases[0]).toEqual({ name: 'first client error', startMs: 0, endMs: 100 });
    expect(recovery.find(({ path }) => path === 'read')).toMatchObject({
      outage: false,
      serviceRestoredMs: 0,
      badMs: 0,
    });
    expect(recovery.find(({ path }) => path === 'shop')).toMatchObject({ serviceRestoredMs: 1_500, recovered: true });
  });

  it('has a point for every second of the load', async () => {
    const { series } = await analyse(folder, plan);
    expect(series.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 12 }, (_, i) => startMs + i * 1_000));
    expect(series[4]?.ratePerSecond).toBe(
      [...started('api', startMs + 4_000, startMs + 5_000), ...started('checkout', startMs + 4_000, startMs + 5_000)]
        .length,
    );
  });

  it('gives the same facts wherever and whenever it is read', async () => {
    const first = JSON.stringify(await analyse(folder, plan));
    expect(JSON.stringify(await analyse(folder, plan))).toBe(first);
    expect(first).not.toContain(tmpdir());
  });
});

const write = (list: Observation[]) =>
  put('observations.ndjson', list.map((one) => `${JSON.stringify(one)}\n`).join(''));
const podEnd = (pod: string, cause: 'evicted' | 'crashed'): Observation => ({
  kind: 'pod-end',
  atMs: injectedAtMs + 150,
  pod,
  node: 'local-1a-1',
  capacity: 'spot',
  cause,
  because: `${cause} it was`,
});
const inventory = (atMs: number, podsReady: number): Observation => ({
  kind: 'inventory',
  atMs,
  nodesReady: 6,
  nodesWanted: 6,
  podsReady,
  podsWanted: 3,
  cpuRatio: 0.6,
  pods: [],
});

describe('what else shoppers and the platform tell', () => {
  it('failed calls of each phase, and those of the catalogue’s reads apart', async () => {
    const { calls: counted } = await analyse(folder, plan);
    const inFault = calls.filter((call) => isStruck(call, recoveredAtMs));
    expect(counted).toHaveLength(10);
    expect(counted.find(({ calls, phase }) => calls === 'all' && phase === 'fault')).toMatchObject({
      count: inFault.length,
      failed: inFault.filter(({ failed }) => failed).length,
      robbedFailed: 0,
    });
    expect(counted.find(({ calls, phase }) => calls === 'reads' && phase === 'fault')).toMatchObject({ failed: 0 });
  });

  it('calls that the fault struck, from the injection to the end of what the fault itself does', async () => {
    const struckIn = async (lastsMs: number) => {
      const { calls: counted } = await analyse(folder, { ...plan, fault: { kind: 'x', summary: 'x', lastsMs } });
      return counted.find((one) => one.calls === 'all' && one.phase === 'fault');
    };
    for (const lastsMs of [0, 1_000, 2_000]) {
      const mine = calls.filter((call) => isStruck(call, injectedAtMs + lastsMs));
      expect(await struckIn(lastsMs)).toMatchObject({
        count: mine.length,
        failed: mine.filter(({ failed }) => failed).length,
      });
    }
    // A shop that is slow for longer gets no more calls to spread its failures over.
    const more = Array.from({ length: 50 }, (_, i) => callRow(injectedAtMs + 2_500 + i, injectedAtMs + 2_900, 'list'));
    const before = await struckIn(2_000);
    // Nor does one that was slow before and answered those calls well in the end.
    more.push(...Array.from({ length: 50 }, (_, i) => callRow(injectedAtMs - 900 + i, injectedAtMs + 100, 'list')));
    await put('k6.csv.gz', gzipSync(recorded + more.join('')));
    expect(await struckIn(2_000)).toEqual(before);
  });

  it('sessions that were looked for since the injection, and those of which nobody knows', async () => {
    const look = (sinceMs: number, result: string, key = '') =>
      `tenfold_session,${(injectedAtMs + sinceMs) * 1000},1.000000,,browse,,result=${result},${key && `key=${key}`}\n`;
    const sessionsOf = async (...rows: string[]) => {
      await put('k6.csv.gz', gzipSync(recorded + rows.join('')));
      return (await analyse(folder, plan)).sessions;
    };
    await put(
      'k6.csv.gz',
      gzipSync(recorded + look(-1, 'lost') + look(0, 'kept') + look(900, 'kept') + look(950, 'lost')),
    );
    const { sessions, problems } = await analyse(folder, plan);
    expect(sessions).toEqual({ kept: 2, lost: 1, unanswered: 0 });
    expect(problems).toEqual([]);
    // The last look at a session decides.
    expect(
      await sessionsOf(
        look(1, 'unanswered', 'a'),
        look(900, 'kept', 'a'),
        look(2, 'kept', 'b'),
        look(901, 'unanswered', 'b'),
        look(3, 'unanswered', 'c'),
        look(-9, 'unanswered', 'd'),
      ),
    ).toEqual({ kept: 2, lost: 0, unanswered: 2 });
    // Without names each failed look is one, except for those that reported a loss.
    const failedLook = (ms: number) => callRow(injectedAtMs + ms, injectedAtMs + ms + 9, 'session', 'failed');
    expect(await sessionsOf(look(1, 'kept'), look(2, 'lost'), failedLook(2), failedLook(50), failedLook(-50))).toEqual({
      kept: 1,
      lost: 1,
      unanswered: 1,
    });
    await put('k6.csv.gz', gzipSync(recorded + look(1, 'strange')));
    expect((await analyse(folder, plan)).problems).toMatchObject([{ about: 'load' }]);
  });

  it('how long refused writes took, up to their recovery', async () => {
    const { refusal } = await analyse(folder, plan);
    expect(refusal).toMatchObject({ failed: 130 + 110, medianMs: 8.7, p95Ms: 8.7 });
  });

  it('pods and nodes, which recover as paths of their own', async () => {
    const looks = Array.from({ length: 24 }, (_, i) => inventory(startMs + i * 500, i === 14 || i === 15 ? 2 : 3));
    await write([...observations.slice(0, -1), ...looks, ...observations.slice(-1)]);
    const { recovery, capacity, problems } = await analyse(folder, plan);
    expect(problems).toEqual([]);
    expect(recovery.map(({ path }) => path)).toEqual(['write', 'read', 'shop', 'pods', 'nodes']);
    expect(recovery[3]).toMatchObject({ outage: true, serviceRestoredMs: 2_000, ready: { before: 3, least: 2 } });
    expect(recovery[4]).toMatchObject({ outage: false, serviceRestoredMs: 0 });
    expect(capacity).toMatchObject({ longestGapMs: 500, pods: { wantedBefore: 3, mostUnavailable: 1 }, podEnds: [] });
    expect(capacity?.askedForPodEnds).toBe(false);
    const asked = { kind: 'pod-ends-read', atMs: loadEndMs + 50, count: 0 } satisfies Observation;
    await write([...observations.slice(0, -1), ...looks, asked, ...observations.slice(-1)]);
    expect((await analyse(folder, plan)).capacity).toMatchObject({ podEnds: [], askedForPodEnds: true });
    await write([...observations.slice(0, -1), ...looks, { ...asked, count: 2 }, ...observations.slice(-1)]);
    expect((await analyse(folder, plan)).problems).toEqual([
      { about: 'capacity', message: 'pods that ended: 2, of which the evidence tells 0' },
    ]);
  });

  it('replicas that the platform took away, which are no evidence against the shop', async () => {
    await write([...observations, podEnd('pod-b', 'evicted'), podEnd('pod-a', 'crashed')]);
    const { recovery } = await analyse(folder, plan);
    const [byWrite, , shop] = recovery;
    expect(byWrite?.replicas).toMatchObject([
      { replica: 'pod-a', zone: 'z1', actualMs: 2_100, takenAway: null, ...watched },
      { replica: 'pod-b', zone: 'z1', actualMs: null, takenAway: 'evicted it was', ...watched },
    ]);
    expect(byWrite?.phases.at(-1)).toMatchObject({ name: 'all replicas writing', endMs: 2_100 });
    expect(shop).toMatchObject({ recovered: true, serviceRestoredMs: 1_500 });
  });
});

it('silence is no good news: no look at the host, no mark of the ramp, a proof from before the fault', async () => {
  const problemsWithout = async (isLeft: (one: Observation) => boolean) => {
    await write(observations.filter(isLeft));
    return (await analyse(folder, plan)).problems;
  };
  expect(await problemsWithout(({ kind }) => kind !== 'host')).toMatchObject([{ about: 'host' }]);
  expect(await problemsWithout((one) => one.kind !== 'mark' || one.mark !== 'ramp-start')).toEqual([
    { about: 'load', message: 'the traffic schedule left no mark of ramp-start' },
  ]);
  await write(
    observations.map((one) =>
      one.kind === 'fault' && one.state === 'proven' ? { ...one, atMs: injectedAtMs - 400 } : one,
    ),
  );
  expect((await analyse(folder, plan)).fault).toMatchObject({
    provenAtMs: null,
    proof: 'the writer changed, but before the injection',
  });
});

it('in which order the observations lie changes nothing', async () => {
  const before = await analyse(folder, plan);
  await write(observations.toReversed());
  expect(await analyse(folder, plan)).toEqual(before);
});

it('a call of no finite length is told, and the others stand', async () => {
  const odd = (value: string) => `tenfold_call,${injectedAtMs * 1000},${value},,buy,,result=ok&op=list&attempt=1,\n`;
  const before = await analyse(folder, plan);
  await put('k6.csv.gz', gzipSync(recorded + odd('NaN') + odd('inf') + odd('1e300')));
  const { problems, latency } = await analyse(folder, plan);
  expect(problems).toEqual([{ about: 'load', message: 'k6.csv.gz has samples that could not be understood: 3' }]);
  expect(latency).toEqual(before.latency);
});

it('a shop without an outage has the phases of any other: the plan fixes them', async () => {
  const unharmed = [...probesOf('edge-write-pooled', 'write', 0, 0), ...probesOf('edge-read-pooled', 'read', 0, 0)];
  await put('probes.csv.gz', gzipSync(`${[probeColumns.join(','), ...unharmed].join('\n')}\n`));
  const { timeline, refusal } = await analyse(folder, plan);
  expect(timeline).toMatchObject({ disturbedAtMs: injectedAtMs, recoveredAtMs });
  expect(refusal).toMatchObject({ failed: 0, medianMs: null });
});

describe('a drill without a fault', () => {
  const noFault = { ...plan, fault: null };
  const calm = observations.filter(({ kind }) => kind !== 'fault');
  const backMs = startMs + 9_000;
  beforeEach(() => write([...calm.slice(0, -1), mark(backMs, 'back-start'), ...calm.slice(-1)]));

  it('goes from its peak to what comes after it', async () => {
    const facts = await analyse(folder, noFault);
    expect(facts.problems).toEqual([]);
    expect(facts).toMatchObject({ fault: null, recovery: [], refusal: null });
    expect(facts.timeline).toMatchObject({
      injectedAtMs: null,
      disturbedAtMs: startMs + 3_000,
      recoveredAtMs: backMs,
    });
    const phaseOf = (phase: string) => facts.latency.find((fact) => fact.path === 'api' && fact.phase === phase);
    expect(phaseOf('peak')?.count).toBe(started('api', startMs + 3_000, backMs).length);
    expect(phaseOf('recovered')?.count).toBe(started('api', backMs, loadEndMs).length);
    expect(phaseOf('fault')).toBeUndefined();
    expect(facts.load.peakRatePerSecond).toBeCloseTo(100, -1);
  });

  it('has to have a way back', async () => {
    await write(calm);
    expect((await analyse(folder, noFault)).problems).toEqual([
      { about: 'load', message: 'the traffic schedule left no mark of back-start' },
    ]);
  });
});

describe('orders', () => {
  const facts = async (keys: string[]) => {
    await put('orders.csv.gz', gzipSync(ordersCsv(keys)));
    const { orders, placing } = await analyse(folder, plan);
    return { ...orders, ...placing };
  };
  const attempted = new Set([...recorded.matchAll(/^tenfold_order_attempt,.*key=(\S+)$/gm)].map(([, key]) => key)).size;

  it('are all there when each acknowledged one is read back', async () => {
    expect(await facts(acknowledged)).toMatchObject({
      attempted,
      acknowledged: acknowledged.length,
      persisted: acknowledged.length,
      lost: 0,
      duplicated: 0,
      unexpected: 0,
      lostKeys: [],
      indeterminate: attempted - acknowledged.length - 1,
    });
  });

  it('are lost when acknowledged and not read back', async () => {
    expect(await facts(acknowledged.slice(2))).toMatchObject({
      lost: 2,
      lostKeys: acknowledged.slice(0, 2).toSorted(),
    });
  });

  it('are duplicated with more than one row, unexpected when never attempted', async () => {
    const [first = ''] = acknowledged;
    expect(await facts([...acknowledged, first, 'fixture-9999'])).toMatchObject({
      duplicated: 1,
      duplicatedKeys: [first],
      unexpected: 1,
      lost: 0,
    });
  });

  it('that were cut off are indeterminate, and recovered when they are there', async () => {
    const [cut = ''] = acknowledged;
    const line = new RegExp(`^tenfold_order_outcome,.*key=${cut}\\n`, 'm');
    await put('k6.csv.gz', gzipSync(recorded.replace(line, '')));
    const before = attempted - acknowledged.length - 1;
    expect(await facts(acknowledged)).toMatchObject({ indeterminate: before + 1, recovered: 1, lost: 0 });
  });

  it('that were rejected and are there are wrong', async () => {
    expect(await facts([...acknowledged, 'fixture-7'])).toMatchObject({
      rejected: 1,
      wrong: 1,
      wrongKeys: ['fixture-7'],
    });
  });

  it('of evidence that has no lines are not known to be right', async () => {
    expect(await facts(acknowledged)).toMatchObject({ wrong: null, compared: null, scope: 'run' });
  });
});

describe('bad evidence is a problem and never a fact', () => {
  const nothing: Record<string, object> = {
    'k6.csv.gz': { latency: [], budgets: null, orders: null, series: [] },
    'probes.csv.gz': { recovery: [], host: { sentinelLatenessP99Ms: null } },
    'orders.csv.gz': { orders: null },
  };
  for (const name of Object.keys(nothing)) {
    it.each([
      ['missing', null],
      ['empty', Buffer.alloc(0)],
      ['not a gzip', Buffer.from('hello\n')],
      ['an empty gzip', gzipSync('')],
      ['of other columns', gzipSync('a,b\n1,2\n')],
    ])(`${name} that is %s`, async (_, content) => {
      await rm(join(folder, name));
      if (content !== null) await put(name, content);
      const facts = await analyse(folder, plan);
      expect(facts).toMatchObject(nothing[name] as object);
      expect(facts.problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(facts.problems)).not.toContain(root);
    });

    it(`${name} that is cut off`, async () => {
      const whole = await readFile(join(folder, name));
      await put(name, whole.subarray(0, Math.floor(whole.length * 0.7)));
      // A run that ended before it was sealed.
      const facts = await analyseStored(folder, plan);
      expect(facts).toMatchObject(nothing[name] as object);
      expect(facts.problems.map(({ message }) => message)).toContain(
        `${name} could not be read: it is cut off or damaged`,
      );
    });
  }

  it('orders.csv.gz with a row that is none: an order of it would look lost', async () => {
    await put('orders.csv.gz', gzipSync(`${ordersCsv(acknowledged.slice(2))}half`));
    expect(await analyse(folder, plan)).toMatchObject({
      orders: { persisted: acknowledged.length - 2, lost: 2, lostPerhaps: 2 },
      problems: [{ about: 'orders' }],
    });
  });

  it('rows that are no samples', async () => {
    await put('k6.csv.gz', gzipSync(`${recorded}foreign\ntenfold_call,now,fast,,,,op=list&result=ok,\n`));
    const { problems, budgets } = await analyse(folder, plan);
    expect(problems).toEqual([
      { about: 'load', message: 'k6.csv.gz has broken rows: 1 could not be read' },
      { about: 'load', message: 'k6.csv.gz has samples that could not be understood: 1' },
    ]);
    expect(budgets?.reduce((sum, { good, bad }) => sum + good + bad, 0)).toBe(
      calls.filter(({ firstTry }) => firstTry).length,
    );
  });

  it('calls that got no further than k6 are told by phase, and are no calls of the shop', async () => {
    const unsent = (atMs: number) =>
      `tenfold_call,${atMs}000,0.200000,,browse,,op=list&result=unsent&attempt=1&error_code=1213,\n`;
    const before = await analyse(folder, plan);
    await writeFile(
      join(folder, 'k6.csv.gz'),
      gzipSync(recorded + unsent(startMs - 5_000) + unsent(startMs + 4_000) + unsent(startMs + 4_100)),
    );
    const { load, ...after } = await analyse(folder, plan);
    expect(before.load.unsentInPhases).toEqual([]);
    expect(load.unsentInPhases).toEqual([
      { phase: 'peak', count: 2 },
      { phase: null, count: 1 },
    ]);
    expect({ ...after, load: { ...load, unsentInPhases: [] } }).toEqual(before);
  });

  it('dropped iterations are counted', async () => {
    await put(
      'k6.csv.gz',
      gzipSync(
        `${recorded}dropped_iterations,${startMs}000,3.000000,,browse,,,\ndropped_iterations,${startMs}000,1.000000,,buy,,,\n`,
      ),
    );
    expect((await analyse(folder, plan)).load.dropped).toBe(4);
  });

  it('a lane that fell silent', async () => {
    const silent = probes.filter(
      (row) => !row.startsWith('edge-read') || Number(row.split(',')[6]) < (injectedAtMs + 3_000) * 1000,
    );
    await put('probes.csv.gz', gzipSync(`${[probeColumns.join(','), ...silent].join('\n')}\n`));
    expect((await analyse(folder, plan)).problems).toEqual([
      { about: 'recovery', message: 'lane edge-read-pooled sent 50 % of its planned probes after the injection' },
    ]);
  });

  it('observations that are missing: the run crashed, as far as anyone can tell', async () => {
    await rm(join(folder, 'observations.ndjson'));
    const facts = await analyse(folder, plan);
    expect(facts.run).toMatchObject({
      status: 'crashed',
      drill: 'aurora-failover',
      startedAtMs: expect.closeTo(startMs, -2),
    });
    expect(facts).toMatchObject({ fault: null, recovery: [], problems: [{ about: 'evidence' }] });
  });

  it('a broken line among the observations', async () => {
    const lines = observations.map((one) => JSON.stringify(one));
    await put('observations.ndjson', `${lines.join('\n')}\n{"kind":"mark","atMs":1,"ma`);
    expect((await analyse(folder, plan)).problems).toEqual([
      {
        about: 'evidence',
        message: `observations.ndjson has broken lines: 1 of ${lines.length + 1} could not be read`,
      },
    ]);
  });

  it('a file that is not what the manifest sealed, or that it does not name', async () => {
    await seal(folder);
    expect((await analyseStored(folder, plan)).problems).toEqual([]);
    await put('orders.csv.gz', gzipSync(ordersCsv(acknowledged.slice(1))));
    expect((await analyseStored(folder, plan)).problems).toEqual([
      { about: 'evidence', message: 'orders.csv.gz is not the file that the run sealed: its checksum differs' },
    ]);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    delete manifest.files['orders.csv.gz'];
    await put('manifest.json', JSON.stringify(manifest));
    expect((await analyseStored(folder, plan)).problems).toEqual([
      { about: 'evidence', message: 'orders.csv.gz is not in the manifest: the run did not seal it' },
    ]);
  });

  it('a manifest that is gone, or no manifest: nothing shows what the run left', async () => {
    expect((await analyseStored(folder, plan)).problems).toMatchObject([
      { about: 'evidence', message: expect.stringContaining('manifest.json is missing') },
    ]);
    await put('manifest.json', '{"files":');
    expect((await analyseStored(folder, plan)).problems).toEqual([
      { about: 'evidence', message: 'manifest.json could not be read' },
    ]);
  });

  it('a folder without any evidence is refused', async () => {
    for (const name of ['observations.ndjson', 'k6.csv.gz', 'probes.csv.gz', 'orders.csv.gz'])
      await rm(join(folder, name));
    await expect(analyseStored(folder, plan)).rejects.toThrow('there is no evidence in');
  });
});

describe('a run that was cut short', () => {
  it('has an unfinished timeline and nothing on recovery', async () => {
    const cut = observations.slice(0, 9);
    await put('observations.ndjson', cut.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const facts = await analyse(folder, plan);
    expect(facts.run).toMatchObject({ status: 'crashed', finishedAtMs: null });
    expect(facts.timeline).toMatchObject({
      peakStartMs: startMs + 3_000,
      injectedAtMs: null,
      recoveredAtMs: null,
      loadEndMs: null,
    });
    expect(facts).toMatchObject({ fault: null, recovery: [] });
    expect(facts.latency.filter(({ phase }) => phase === 'fault').map(({ count }) => count)).toEqual([0, 0]);
  });
});
