import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { capacitySchema } from '../src/model/capacity.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { findingOf, leftovers, makePlace, said, startTenfold, theRun } from './harness.ts';

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
  expect(result.exitCode, result.stderr).toBe(exitCodes[told.outcome]);

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

test('Ctrl-C ends it cleanly, and what is not known is told as such', async () => {
  await using place = await makePlace();
  const running = capacity(place, '--scale', '1:60');
  await said(running, '= 2 times the baseline');
  running.kill('SIGINT');
  const result = await running;
  expect(result.exitCode, result.stderr).toBe(exitCodes.stopped);
  const { folder } = await theRun(place, 'capacity');
  const told = capacitySchema.parse(JSON.parse(await readFile(join(folder, 'capacity.json'), 'utf8')));
  expect(told).toMatchObject({
    status: 'interrupted',
    outcome: 'inconclusive',
    trusted: false,
    model: null,
    knee: null,
  });
  expect(await leftovers(place)).toEqual([]);
});
