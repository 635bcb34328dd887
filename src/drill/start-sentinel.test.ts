import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { freePort } from '../../tests/support/free-port.ts';
import { type Observation, probeColumns } from '../model/evidence.ts';
import type { SentinelOrder, SentinelPlace } from '../model/facets.ts';
import type { SentinelTick } from '../model/lane.ts';
import type { Profile } from '../model/profile.ts';
import { lanesOf } from '../probe/lanes.ts';
import { nowMs, waitFor } from '../runtime/clock.ts';
import { programAt, startOwnedNode, stopOwned } from '../runtime/processes.ts';
import { startSentinel } from './start-sentinel.ts';

/* The pod is a process of this machine in which the real sentinel runs as in a pod: whether it is lost is up to the test. */

let folder: string;
const shop = createServer((_, response) => response.setHeader('x-pod', 'shop-1').end('{"id":1}'));
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-test-'));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  shop.closeAllConnections();
  shop.close();
  rmSync(folder, { recursive: true });
});

async function start() {
  const orders: SentinelOrder[] = [];
  const lost = Promise.withResolvers<void>();
  const port = await freePort();
  let isGone = false;
  const place: SentinelPlace = {
    async start(order) {
      orders.push(order);
      const spec = join(folder, 'spec.json');
      writeFileSync(spec, JSON.stringify({ ...JSON.parse(order.spec), output: port }));
      const child = startOwnedNode(programAt('src', 'probe', 'sentinel'), [spec]);
      const lines = createInterface({ input: child.stdout }).on('line', order.onLine);
      const read = new Promise<void>((resolve) => lines.on('close', resolve));
      const url = `http://127.0.0.1:${port}`;
      // As of a pod that is ready.
      await waitFor('it to be ready', () => fetch(`${url}/v1/status`).catch(() => undefined), {
        timeoutMs: 10_000,
        intervalMs: 50,
      });
      void lost.promise.then(() => stopOwned(child, 'SIGKILL', 1_000));
      return {
        name: 'sentinel-x',
        node: 'node2',
        zone: 'z2',
        async ask({ method, path }) {
          const sentMs = nowMs();
          const response = await fetch(`${url}${path}`, { method });
          return { text: '', dateMs: Date.parse(response.headers.get('date') ?? ''), sentMs, receivedMs: nowMs() };
        },
        ended: child.ended.then(async ({ exitCode }) => {
          await read;
          return { exitCode, because: exitCode === 0 ? 'Completed' : 'its pod is gone', isWhole: true };
        }),
        giveUp: () => {},
        nodeLost: async () => 'node node2 is not ready',
        async [Symbol.asyncDispose]() {
          isGone = true;
        },
      };
    },
  };
  const seen: Observation[] = [];
  const ticks: SentinelTick[] = [];
  const read = { method: 'GET', path: '/', headers: {}, body: null, expectStatus: [200], expectText: '"id"' };
  const lanes = lanesOf(`http://127.0.0.1:${(shop.address() as AddressInfo).port}`, [], {
    read,
    write: null,
    everyMs: { pooled: 10, new: 100, replica: 100 },
  });
  const output = join(folder, 'probes.csv.gz');
  const { signal } = new AbortController();
  const sentinel = await startSentinel(
    {
      runId: 'r1',
      runFolder: folder,
      plan: {
        sentinel: { zone: 'z2' },
        profile: profiles.smoke as Profile,
        fault: null,
        objectives: { latency: [], recovery: [], errorBudget: { objective: 0.999, windowDays: 30, maxBurnedRatio: 1 } },
      },
      willChange: () => () => {},
      emit: (one) => seen.push(one),
      onProgress: () => {},
      signal,
    },
    { sentinel: place },
    { lanes, tenant: 't', family: 4, timeoutMs: 2_000, output },
    signal,
    (tick) => ticks.push(tick),
  );
  await waitFor('probes', () => ticks.length >= 2 || undefined, { timeoutMs: 10_000, intervalMs: 20 });
  const rows = () => gunzipSync(readFileSync(output)).toString().trimEnd().split('\n');
  return { sentinel, order: orders[0] as SentinelOrder, seen, ticks, rows, lose: lost.resolve, isGone: () => isGone };
}

test('what it finds in a pod is in the file of one on this machine, with where it ran and how far its clock is', async () => {
  const { sentinel, order, seen, ticks, rows, isGone } = await start();
  expect(order).toMatchObject({ runId: 'r1', zone: 'z2', secrets: {}, authorities: undefined });
  expect(order.atMostMs).toBeGreaterThan(600_000);
  expect(ticks[0]?.firstServed).toEqual({ 'shop-1': expect.any(Number) });
  await sentinel[Symbol.asyncDispose]();
  expect(await sentinel.ended).toMatchObject({ exitCode: 0, podLost: false });
  expect(isGone()).toBe(true);
  const [header, ...probes] = rows();
  expect(header).toBe(probeColumns.join(','));
  expect(probes.length).toBeGreaterThan(150);
  expect(probes.filter((row) => !/^edge-read-(pooled|new),read,edge,.*,200,$/.test(row))).toEqual([]);
  expect(seen.find(({ kind }) => kind === 'sentinel-pod')).toMatchObject({ pod: 'sentinel-x', zone: 'z2' });
  const clock = seen.find((one) => one.kind === 'load-clock');
  expect(Math.abs(clock?.offsetMs ?? 1_000) - (clock?.uncertaintyMs ?? 0)).toBeLessThan(5);
  expect(seen.at(-1)).toMatchObject({ kind: 'sentinel-pod-end', lost: false, nodeLost: null, missing: 0 });
});

test('one that ends without being asked is lost, with what it found until then', async () => {
  const { sentinel, seen, rows, lose } = await start();
  lose();
  expect(await sentinel.ended).toMatchObject({ message: 'its pod is gone', podLost: true });
  const end = seen.find((one) => one.kind === 'sentinel-pod-end');
  expect(end).toMatchObject({ because: 'its pod is gone', lost: true, nodeLost: 'node node2 is not ready' });
  const last = rows().at(-1)?.split(',')[probeColumns.indexOf('sent_us')];
  expect(end?.lastSentMs).toBe(Number(last) / 1_000);
  await sentinel[Symbol.asyncDispose]();
});
