import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Observation } from '../model/evidence.ts';
import type { LoadOrder, LoadPlace, LoadPod, LoadPodEnd } from '../model/facets.ts';
import type { LoadSpec } from '../model/load-spec.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { rootFolder } from '../runtime/processes.ts';
import { findK6, type K6 } from './find-k6.ts';
import { runPods } from './run-pods.ts';

/*
 * What is done with pods, whatever becomes of them: the pods are the test's, the k6 that bundles the script is real. A whole load in
 * real pods is in tests/kubernetes.test.ts.
 */

let k6: K6;
// k6 is built first where there is none.
beforeAll(async () => {
  k6 = await findK6(() => {});
}, 900_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-pods-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const spec: LoadSpec = {
  runId: 'r1',
  baseUrl: 'http://127.0.0.1:9',
  tenants: ['north'],
  seed: 1,
  products: 10,
  baselineRatePerSecond: 10,
  peakRatePerSecond: 100,
  mix: { list: 0.2, product: 0.5, search: 0.2, cart: 0.05, checkout: 0.05 },
  stages: [{ durationMs: 1_000, ratePerSecond: 10 }],
  browseVus: 10,
  buyVus: 2,
  family: 4,
  looks: [],
};

/** A pod that can be asked, and whose life the test decides. */
class TestPod {
  readonly asked: string[] = [];
  readonly end = Promise.withResolvers<LoadPodEnd>();
  given = false;
  readonly pod: LoadPod;
  say: (line: string) => void = () => {};

  constructor(index: number) {
    this.pod = {
      name: `runner-${index + 1}`,
      node: `node${index + 1}`,
      zone: 'z1',
      ask: async ({ method, path, body = '' }) => {
        const sentMs = nowMs();
        await sleepMs(1);
        if (method !== 'GET') this.asked.push(`${method} ${path} ${body}`);
        return {
          text: JSON.stringify({ data: { attributes: { paused: true } } }),
          dateMs: Math.floor(nowMs() / 1_000) * 1_000,
          sentMs,
          receivedMs: nowMs(),
        };
      },
      ended: this.end.promise,
      giveUp: () => {
        this.given = true;
      },
    };
  }

  begin(lateMs = 0): void {
    const startMs = Math.round(nowMs());
    this.say('metric_name,timestamp,metric_value,error_code,scenario,status,extra_tags,metadata');
    this.say(`tenfold_schedule_start,${startMs + lateMs}000,${startMs}.000000,,,,,`);
  }
}

async function started(count: number, csvPath = (index: number) => join(folder, `k6-${index + 1}.csv`)) {
  const pods = Array.from({ length: count }, (_, index) => new TestPod(index));
  const orders: LoadOrder[] = [];
  let isGone = false;
  const place: LoadPlace = {
    fidelity: [],
    async start(order) {
      orders.push(order);
      for (const [index, pod] of pods.entries()) pod.say = (line) => order.onLine(index, line);
      return {
        pods: pods.map(({ pod }) => pod),
        async [Symbol.asyncDispose]() {
          isGone = true;
        },
      };
    },
  };
  const seen: Observation[] = [];
  const running = await runPods(k6, place, {
    runId: 'r1',
    script: join(rootFolder, 'scenarios', 'traffic', 'black-friday.ts'),
    spec,
    specFile: join(folder, 'load.json'),
    csvPaths: pods.map((_, index) => csvPath(index)),
    variables: ['TENFOLD_TEST_SECRET'],
    willChange: () => () => {},
    signal: new AbortController().signal,
    progress: () => {},
    emit: (one) => seen.push(one),
  });
  const ends = () => seen.filter((one) => one.kind === 'load-pod-end');
  return { pods, order: orders[0] as LoadOrder, running, seen, ends, isGone: () => isGone };
}

const whole = { because: 'Completed', isWhole: true };

test('all are told the same millisecond once all have been started, and what they write is theirs', async () => {
  process.env.TENFOLD_TEST_SECRET = 'hush';
  const { pods, order, running, ends, isGone } = await started(3);
  delete process.env.TENFOLD_TEST_SECRET;
  const instants = pods.map(({ asked }) => {
    expect(asked[0]).toContain('"paused":false');
    return Number(/^PUT \/v1\/setup (\d+)$/.exec(asked[1] ?? '')?.[1]);
  });
  expect(new Set(instants).size).toBe(1);
  expect(instants[0]).toBeGreaterThan(nowMs());
  expect(order.argsOfEach.map(([segment]) => segment)).toEqual([
    '--execution-segment=0/3:1/3',
    '--execution-segment=1/3:2/3',
    '--execution-segment=2/3:1',
  ]);
  expect(order.secrets).toEqual({ TENFOLD_TEST_SECRET: 'hush' });
  expect(Buffer.from(order.archive).includes('hush')).toBe(false);
  expect(Buffer.from(order.archive).includes('startLineUrl')).toBe(true);

  for (const [index, pod] of pods.entries()) {
    pod.begin();
    pod.say(`time="2026-11-28T16:00:00Z" level=warning msg="it says hush, tenfold_call"`);
    pod.say(`tenfold_call,${1_795_880_000_000_000 + index},5.0,0,browse,,op=list,`);
    pod.end.resolve({ exitCode: 0, ...whole });
  }
  expect(await running.ended).toMatchObject({ exitCode: 0 });
  const written = readFileSync(join(folder, 'k6-2.csv'), 'utf8').trimEnd().split('\n');
  expect(written.map((line) => line.split(',', 2)[0])).toEqual([
    'metric_name',
    'tenfold_schedule_start',
    'tenfold_call',
  ]);
  expect(ends()).toHaveLength(3);
  // In whatever order their files are closed.
  expect(ends()).toContainEqual(
    expect.objectContaining({ pod: 'runner-2', exitCode: 0, lost: false, lastSampleMs: 1_795_880_000_000.001 }),
  );
  await running[Symbol.asyncDispose]();
  expect(isGone()).toBe(true);
});

test('a pod that is lost ends nothing; it is named, and the load has no exit code of all', async () => {
  const { pods, running, ends } = await started(2);
  const [lost, other] = pods as [TestPod, TestPod];
  for (const pod of pods) pod.begin();
  lost.end.resolve({ exitCode: null, because: 'its pod is gone: evicted', isWhole: false });
  expect(await Promise.race([running.ended, sleepMs(50)])).toBeUndefined();
  const stopping = running.stop();
  other.end.resolve({ exitCode: 103, because: 'Error', isWhole: true });
  await stopping;
  const { exitCode, othersWentOn, lastLines } = await running.ended;
  expect({ exitCode, othersWentOn }).toEqual({ exitCode: null, othersWentOn: true });
  expect(lastLines[0]).toContain('pod runner-1 on node node1: its pod is gone: evicted');
  expect(ends()).toMatchObject([
    { pod: 'runner-1', lost: true, exitCode: null },
    { pod: 'runner-2', lost: false, exitCode: 0, because: 'it was told to end, exit code 103' },
  ]);
});

test.each<[string, LoadPodEnd]>([
  ['was killed for its memory', { exitCode: 137, because: 'OOMKilled', isWhole: true }],
  ['ended well, but whose log has a gap', { exitCode: 0, because: 'Completed', isWhole: false }],
  ['nobody had told to stop', { exitCode: 103, because: 'Error', isWhole: true }],
])('a pod that %s counts as lost', async (_, end) => {
  const { pods, running, ends } = await started(2);
  for (const pod of pods) pod.begin();
  pods[0]?.end.resolve(end);
  pods[1]?.end.resolve({ exitCode: 0, ...whole });
  expect((await running.ended).othersWentOn).toBe(true);
  expect(ends().find(({ pod }) => pod === 'runner-1')?.lost).toBe(true);
});

test('samples that never came are counted by their numbers, which stay out of the evidence', async () => {
  const { pods, running, ends } = await started(2);
  const sample = (metadata: string) => `tenfold_call,1795880000000000,5.0,0,browse,,op=list,${metadata}`;
  for (const pod of pods) pod.begin();
  for (const number of ['7.1', '8.1', '7.2', '8.4', '7.2', '7.3']) pods[0]?.say(sample(`n=${number}`));
  pods[0]?.say(sample('key=a-1&n=9.2&lines=1:2'));
  for (const number of ['7.1', '7.2']) pods[1]?.say(sample(`n=${number}`));
  for (const { end } of pods) end.resolve({ exitCode: 0, ...whole });
  await running.ended;
  expect(ends().toSorted((a, b) => a.pod.localeCompare(b.pod))).toMatchObject([
    // Two of 8's, and the first of 9's.
    {
      pod: 'runner-1',
      lost: true,
      because: 'Completed, exit code 0, 3 of its samples never came',
      lastSampleMs: null,
    },
    { pod: 'runner-2', lost: false, because: 'Completed, exit code 0' },
  ]);
  const written = readFileSync(join(folder, 'k6-1.csv'), 'utf8').trimEnd().split('\n').slice(2);
  expect(written).toEqual([...Array.from({ length: 6 }, () => sample('')), sample('key=a-1&lines=1:2')]);
});

test('one that ends before its schedule ends the load, with what it said', async () => {
  const { pods, running } = await started(2);
  pods[0]?.say('time="2026-11-28T16:00:00Z" level=error msg="k6 does not reach the shop"');
  pods[0]?.end.resolve({ exitCode: 108, because: 'Error', isWhole: true });
  const { exitCode, othersWentOn, lastLines } = await running.ended;
  expect({ exitCode, othersWentOn }).toEqual({ exitCode: 108, othersWentOn: undefined });
  expect(lastLines.join()).toContain('k6 does not reach the shop');
});

test('samples that cannot be written make their pod count as lost', async () => {
  const { pods, running, ends } = await started(2, (index) => join(folder, index === 0 ? '.' : 'k6-2.csv'));
  for (const pod of pods) pod.begin();
  for (const { end } of pods) end.resolve({ exitCode: 0, ...whole });
  await running.ended;
  expect(ends().map(({ pod, lost }) => [pod, lost])).toContainEqual(['runner-1', true]);
});

test('one that starts late is told', async () => {
  const { pods, seen, running } = await started(2);
  pods[0]?.begin();
  pods[1]?.begin(1_400);
  for (const { end } of pods) end.resolve({ exitCode: 0, ...whole });
  await running.ended;
  expect(seen.filter(({ kind }) => kind === 'problem')).toMatchObject([
    { about: 'load', message: 'pod runner-2 started its share of the load 1.4 s late' },
  ]);
});
