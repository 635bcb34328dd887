import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { capacitySchema } from '../src/model/capacity.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { findingOf, leftovers, makePlace, startTenfold, theRun } from './harness.ts';

const capacity = (place: Parameters<typeof startTenfold>[0], ...args: string[]) =>
  startTenfold(place, ['capacity', '--profile', 'brief', '--reports', place.reports, ...args]);

test('a pocket region goes up in steps until something gives way, and what it carries is told as that of a stand-in', {
  timeout: 480_000,
}, async () => {
  await using place = await makePlace();
  const result = await capacity(place, '--json');
  const { folder, verdict } = await theRun(place, 'capacity');
  const told = capacitySchema.parse(JSON.parse(result.stdout));
  expect(JSON.parse(await readFile(join(folder, 'capacity.json'), 'utf8'))).toEqual(told);
  expect(told.status, result.stderr).toBe('completed');
  expect(result.exitCode, result.stderr).toBe(exitCodes[verdict.outcome === 'fail' ? 'fail' : told.outcome]);

  // What was measured: rates that go up, calls in flight, pods that stay as many, and pools that were used.
  expect(told.steps.length).toBeGreaterThanOrEqual(2);
  expect(told.steps[0]?.factor).toBe(1);
  const factors = told.steps.map(({ factor }) => factor);
  expect(factors).toEqual(factors.toSorted((a, b) => a - b));
  for (const step of told.steps) {
    expect(step.inFlight).toBeGreaterThan(0);
    expect(step.busyRatio).not.toBeNull();
    expect(step.pods?.ready).toBeGreaterThan(0);
    expect(step.latency.map(({ path }) => path)).toEqual(['api', 'checkout']);
    if (step.leftOut === null) expect(step.startedPerSecond).toBeGreaterThan(0.9 * step.plannedPerSecond);
  }
  expect(told.steps.some(({ pools }) => pools?.some(({ inUse, holdMs }) => inUse > 0 && holdMs > 0))).toBe(true);

  // What is said of it: of a stand-in, why the load ended, and a reason wherever nothing is known.
  expect(told.standIn).toMatch(/pocket region/);
  expect(['promise', 'load', 'host', 'top']).toContain(told.ended.by);
  expect(told.trusted).toBe(told.notTrustedBecause.length === 0);
  if (told.ended.by === 'host') expect(told.notTrustedBecause.join()).toMatch(/nothing is said of the shop/);
  if (told.knee === null) expect(told.unknown.knee).toBeTruthy();

  // Nothing was lost on the way up, and what it left can be read.
  for (const id of ['orders.lost', 'orders.duplicated'])
    expect(findingOf(verdict, id), result.stderr).toMatchObject({ outcome: 'pass' });
  expect(verdict.findings.map(({ id }) => id)).not.toContain('peak-reached');
  const files = await readdir(folder);
  for (const name of ['capacity.html', 'capacity.md', 'report.html', 'verdict.json', 'evidence'])
    expect(files).toContain(name);

  // The evidence gives the same again.
  const before = await readFile(join(folder, 'capacity.json'), 'utf8');
  const again = await startTenfold(place, ['analyze', folder]);
  expect(again.stderr).not.toMatch(/bug/);
  expect(await readFile(join(folder, 'capacity.json'), 'utf8')).toBe(before);
  expect(await leftovers(place)).toEqual([]);
});

const answersPerSecond = 125;

/** A shop with one till, at which everybody waits for their turn. */
async function startTill(): Promise<{ url: string } & AsyncDisposable> {
  let freeAtMs = 0;
  const server = createServer(async (request, response) => {
    request.resume();
    freeAtMs = Math.max(freeAtMs, performance.now()) + 1_000 / answersPerSecond;
    await delay(freeAtMs - performance.now());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('the knee of a shop that can answer so many and no more is found there', { timeout: 480_000 }, async () => {
  await using place = await makePlace();
  await using till = await startTill();
  const config = join(place.mark, 'tenfold.config.ts');
  await writeFile(
    config,
    `export default ${JSON.stringify({
      baseUrl: till.url,
      paths: { read: { limitMs: 200, probe: { path: '/', expectText: '"id"' } } },
      traffic: { baselineRatePerSecond: 10 },
      probing: { pooledEveryMs: 200, newEveryMs: 500 },
    })};\n`,
  );
  const result = await capacity(place, '--config', config, '--json');
  const told = capacitySchema.parse(JSON.parse(result.stdout));
  expect(told.status, result.stderr).toBe('completed');
  expect(told.standIn).toBeNull();
  expect(told.unknown['recommended.pods']).toBeTruthy();
  // A machine that others fill says nothing of the shop.
  if (told.ended.by !== 'promise') {
    expect(told.trusted, result.stdout).toBe(false);
    return;
  }
  // Probes stand at the till, too: 12 times the baseline are 120/s of its 125, and probes 7/s.
  expect(told.carriedPerSecond ?? 0, result.stdout).toBeLessThan(answersPerSecond);
  expect(told.knee?.lowPerSecond, result.stdout).toBeLessThan(answersPerSecond);
  expect(told.knee?.ratePerSecond).toBeLessThanOrEqual(1.15 * answersPerSecond);
  expect(told.saturatesFirst).toBeNull();
  for (const step of told.steps) expect(step.servedPerSecond).toBeLessThanOrEqual(1.05 * answersPerSecond);
});
