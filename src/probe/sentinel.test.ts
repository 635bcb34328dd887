import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../tests/support/free-port.ts';
import { type SentinelTick, sentinelTickSchema } from '../model/lane.ts';
import { nowMs, waitFor } from '../runtime/clock.ts';
import { shell } from '../runtime/shell.ts';
import { lanesOf } from './lanes.ts';
import { PodLogReader } from './pod-log.ts';

let folder: string;
const shop = createServer((_, response) => setTimeout(() => response.end('{"id":1}'), 500));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  shop.closeAllConnections();
  shop.close();
  await rm(folder, { recursive: true });
});

test('probes for which no descriptor is left are told by their cause, and are no probes of the shop', async () => {
  const specFile = join(folder, 'sentinel.json');
  const read = { method: 'GET', path: '/', headers: {}, body: null, expectStatus: [200], expectText: '"id"' };
  const probes = { read, write: null, everyMs: { pooled: 10, new: 20, replica: 100 } };
  const lanes = lanesOf(`http://127.0.0.1:${(shop.address() as AddressInfo).port}`, [], probes);
  const spec = { lanes, tenant: 't', family: 4, timeoutMs: 30_000, output: join(folder, 'probes.csv.gz') };
  await writeFile(specFile, JSON.stringify(spec));
  // Enough to start, not enough for all that wait for the slow shop.
  const limited = shell({ prefix: 'ulimit -n 40; exec ', stdio: 'pipe', timeout: 4_000 });
  const output = await limited`${process.execPath} ${join(import.meta.dirname, 'sentinel.ts')} ${specFile}`;
  const ticks = output.lines().map((line): SentinelTick => sentinelTickSchema.parse(JSON.parse(line)));
  const counts = ticks.flatMap((tick) => Object.values(tick.lanes));
  expect(ticks.some(({ unsent }) => (unsent.EMFILE ?? 0) > 0)).toBe(true);
  expect(counts.some(({ good }) => good > 0)).toBe(true);
  expect(counts.filter(({ failed }) => failed > 0)).toEqual([]);
});

test('in a pod all goes to its log, and it is asked for its clock, and to stop', async () => {
  const specFile = join(folder, 'sentinel.json');
  const read = { method: 'GET', path: '/', headers: {}, body: null, expectStatus: [200], expectText: '"id"' };
  const probes = { read, write: null, everyMs: { pooled: 10, new: 20, replica: 100 } };
  const lanes = lanesOf(`http://127.0.0.1:${(shop.address() as AddressInfo).port}`, [], probes);
  const port = await freePort();
  const asked = once(shop, 'request');
  await writeFile(specFile, JSON.stringify({ lanes, tenant: 't', family: 4, timeoutMs: 5_000, output: port }));
  // A pod has no stdin.
  const running = shell({ stdio: ['ignore', 'pipe', 'pipe'], timeout: 15_000 })`${process.execPath} ${join(
    import.meta.dirname,
    'sentinel.ts',
  )} ${specFile}`;
  const ask = (method: string) => fetch(`http://127.0.0.1:${port}/v1/status`, { method });
  const answer = await waitFor('the sentinel', () => ask('GET').catch(() => undefined), {
    timeoutMs: 10_000,
    intervalMs: 100,
  });
  const offMs = Date.parse(answer.headers.get('date') ?? '') - nowMs();
  expect(offMs).toBeGreaterThan(-2_000);
  expect(offMs).toBeLessThanOrEqual(0);
  await asked;
  await ask('PATCH');
  const { exitCode, stdout } = await running;
  let rows = '';
  const log = new PodLogReader(
    (some) => {
      rows += some;
    },
    () => {},
  );
  for (const line of stdout.trimEnd().split('\n')) log.take(line);
  expect(exitCode).toBe(0);
  expect({ ...log }).toMatchObject({ missing: 0, hasEnded: true, words: [] });
  // The shop takes half a second: what was in flight when it was told to stop is there too.
  const answered = rows.trimEnd().split('\n');
  expect(answered.filter((row) => !/,200,$/.test(row))).toEqual([]);
});
