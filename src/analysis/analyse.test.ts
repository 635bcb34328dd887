import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Observation, probeColumns } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { checksum } from '../runtime/files.ts';
import { analyse as analyseStored } from './analyse.ts';

/** See fixtures/README.md: 2 s baseline, 1 s ramp, then 9 s at peak; here the fault is set 3 s into the peak. */
const recorded = gunzipSync(await readFile(new URL('./fixtures/k6.csv.gz', import.meta.url))).toString();
const startMs = 1_795_261_416_656;
const [injectedAtMs, loadEndMs] = [startMs + 6_000, startMs + 12_000];

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
}
/** The recorded calls read without a database, to check the facts against. */
const calls: Call[] = recorded
  .split('\n')
  .filter((line) => line.startsWith('tenfold_call,'))
  .map((line) => {
    const [, end, value, , , , tags = ''] = line.split(',');
    const wallUs = Math.round(Number(value) * 1000);
    const path = tags.includes('op=checkout') ? 'checkout' : 'api';
    return { startUs: Number(end) - wallUs, wallUs, path, failed: tags.includes('result=failed') };
  });
const started = (path: string, fromMs: number, toMs: number) =>
  calls.filter((call) => call.path === path && call.startUs >= fromMs * 1000 && call.startUs < toMs * 1000);
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
    const mine = started('api', startMs + 3_000, injectedAtMs);
    const walls = mine.map(({ wallUs }) => wallUs).sort((a, b) => a - b);
    const fact = latency.find(({ path, phase }) => path === 'api' && phase === 'peak');
    const n = walls.length;
    expect(fact).toMatchObject({
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

  it('counts failed and slow calls as bad in the fault phase, which ends when the whole shop has been back for three seconds', async () => {
    const { latency, timeline, events } = await analyse(folder, plan);
    expect(timeline.recoveredAtMs).toBe(injectedAtMs + 4_500);
    const checkout = latency.find(({ path, phase }) => path === 'checkout' && phase === 'fault');
    const mine = started('checkout', injectedAtMs, injectedAtMs + 4_500);
    expect(mine.filter(({ failed }) => failed).length).toBeGreaterThan(0);
    expect(checkout).toMatchObject({ count: mine.length, failed: mine.filter(({ failed }) => failed).length });
    const bad = calls.filter(
      ({ failed, wallUs, path }) => failed || wallUs > (path === 'api' ? 40_000 : 200_000),
    ).length;
    expect(events).toEqual({ good: calls.length - bad, bad });
  });

  it('names the second with the most bad calls, and how busy the CPU was in it', async () => {
    const bad = new Map<number, number>();
    for (const { startUs, failed, wallUs } of started('checkout', injectedAtMs, injectedAtMs + 4_500)) {
      const secondMs = Math.floor(startUs / 1_000_000) * 1000;
      if (failed || wallUs > 200_000) bad.set(secondMs, (bad.get(secondMs) ?? 0) + 1);
    }
    const [atMs, most] = [...bad].toSorted(([a, m], [b, n]) => n - m || a - b)[0] as [number, number];
    const seen = [...observations, host(atMs + 400, 0.2), host(atMs + 1_100, 0.97), host(atMs + 2_000, 0.3)];
    await put('observations.ndjson', seen.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { latency } = await analyse(folder, plan);
    const worst = (phase: string) => latency.find((one) => one.path === 'checkout' && one.phase === phase)?.worstSecond;
    expect(worst('fault')).toEqual({ atMs, bad: most, busyRatio: 0.97, stealRatio: 0.01 });
    expect(worst('baseline')).toBeNull();
  });

  it('lays a call that the injection met in flight to the fault', async () => {
    const metInFlight = `tenfold_call,${(injectedAtMs + 300) * 1000},500,0,buy,,result=failed&op=checkout&attempt=1,key=met`;
    await put('k6.csv.gz', gzipSync(`${recorded}${metInFlight}\n`));
    const failedIn = async (phase: string) => {
      const { latency } = await analyse(folder, plan);
      return latency.find((fact) => fact.path === 'checkout' && fact.phase === phase)?.failed;
    };
    const failedBetween = (fromMs: number, toMs: number) =>
      started('checkout', fromMs, toMs).filter(({ failed }) => failed).length;
    expect(await failedIn('peak')).toBe(failedBetween(startMs + 3_000, injectedAtMs));
    expect(await failedIn('fault')).toBe(failedBetween(injectedAtMs, injectedAtMs + 4_500) + 1);
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
        { replica: 'pod-b', zone: 'z1', actualMs: null, takenAway: null },
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
    const inFault = calls.filter(
      ({ startUs, wallUs }) => startUs + wallUs >= injectedAtMs * 1000 && startUs < (injectedAtMs + 4_500) * 1000,
    );
    expect(counted).toHaveLength(10);
    expect(counted.find(({ calls, phase }) => calls === 'all' && phase === 'fault')).toMatchObject({
      count: inFault.length,
      failed: inFault.filter(({ failed }) => failed).length,
    });
    expect(counted.find(({ calls, phase }) => calls === 'reads' && phase === 'fault')).toMatchObject({ failed: 0 });
  });

  it('sessions that were looked for since the injection', async () => {
    const look = (sinceMs: number, result: string) =>
      `tenfold_session,${(injectedAtMs + sinceMs) * 1000},1.000000,,browse,,result=${result},\n`;
    await put(
      'k6.csv.gz',
      gzipSync(recorded + look(-1, 'lost') + look(0, 'kept') + look(900, 'kept') + look(950, 'lost')),
    );
    const { sessions, problems } = await analyse(folder, plan);
    expect(sessions).toEqual({ kept: 2, lost: 1 });
    expect(problems).toEqual([]);
    await put('k6.csv.gz', gzipSync(recorded + look(1, 'strange')));
    expect((await analyse(folder, plan)).problems).toMatchObject([{ about: 'load' }]);
  });

  it('how long refused writes took, up to their recovery', async () => {
    const { refusal } = await analyse(folder, plan);
    expect(refusal).toMatchObject({ failed: 130 + 110, medianMs: 8.7 });
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
  });

  it('replicas that the platform took away, which are no evidence against the shop', async () => {
    await write([...observations, podEnd('pod-b', 'evicted'), podEnd('pod-a', 'crashed')]);
    const { recovery } = await analyse(folder, plan);
    const [byWrite, , shop] = recovery;
    expect(byWrite?.replicas).toMatchObject([
      { replica: 'pod-a', zone: 'z1', actualMs: 2_100, takenAway: null },
      { replica: 'pod-b', zone: 'z1', actualMs: null, takenAway: 'evicted it was' },
    ]);
    expect(byWrite?.phases.at(-1)).toMatchObject({ name: 'all replicas writing', endMs: 2_100 });
    expect(shop).toMatchObject({ recovered: true, serviceRestoredMs: 1_500 });
  });
});

it('a shop without an outage has recovered three seconds after the injection', async () => {
  const unharmed = [...probesOf('edge-write-pooled', 'write', 0, 0), ...probesOf('edge-read-pooled', 'read', 0, 0)];
  await put('probes.csv.gz', gzipSync(`${[probeColumns.join(','), ...unharmed].join('\n')}\n`));
  const { timeline, refusal } = await analyse(folder, plan);
  expect(timeline).toMatchObject({ disturbedAtMs: injectedAtMs, recoveredAtMs: injectedAtMs + 3_000 });
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
    expect(phaseOf('recovered')?.count).toBe(started('api', backMs, Infinity).length);
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
    'k6.csv.gz': { latency: [], events: null, orders: null, series: [] },
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

  it('orders.csv.gz with a row that is none: an order would look lost', async () => {
    await put('orders.csv.gz', gzipSync(`${ordersCsv(acknowledged)}half`));
    expect(await analyse(folder, plan)).toMatchObject({ orders: null, problems: [{ about: 'orders' }] });
  });

  it('rows that are no samples', async () => {
    await put('k6.csv.gz', gzipSync(`${recorded}foreign\ntenfold_call,now,fast,,,,op=list&result=ok,\n`));
    const { problems, events } = await analyse(folder, plan);
    expect(problems).toEqual([
      { about: 'load', message: 'k6.csv.gz has broken rows: 1 could not be read' },
      { about: 'load', message: 'k6.csv.gz has samples that could not be understood: 1' },
    ]);
    expect((events?.good ?? 0) + (events?.bad ?? 0)).toBe(calls.length);
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
