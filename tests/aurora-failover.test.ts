import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { counted, verdictSchema, worst } from '../src/model/verdict.ts';
import { findingOf, leftovers, makePlace, startDrill, startTenfold, theRun } from './harness.ts';

// On a slow host there is less traffic, and the drill is longer by as much; undecided phases last up to three times as
// long.
test('the drill runs from nothing to a verdict that matches its evidence, and leaves nothing behind', async () => {
  await using place = await makePlace();
  const result = await startDrill(place, ['--json']);
  const { folder, verdict } = await theRun(place);

  // On any host: what is judged by counting may be inconclusive for lack of CPU, but then it says so.
  expect(verdictSchema.parse(verdict).status, result.stderr).toBe('completed');
  expect(verdict.outcome).toBe(worst(counted(verdict.findings)));
  expect(result.exitCode).toBe(exitCodes[verdict.outcome]);
  expect(JSON.parse(result.stdout)).toEqual(verdict);
  for (const id of [
    'fault-bit',
    'recovery.write',
    'recovery.replicas',
    'orders.lost',
    'orders.duplicated',
    'error-budget.api',
    'error-budget.checkout',
  ]) {
    expect(findingOf(verdict, id), id).toMatchObject({ outcome: 'pass' });
  }
  const notPassed = verdict.findings.filter((finding) => finding.outcome !== 'pass');
  for (const { id, outcome, message } of notPassed) {
    expect(`${id} ${outcome}`, `${message}\n${result.stderr}`).toMatch(
      /^(peak-reached|host|recovery\.shop|latency\.\w+\.\w+) inconclusive$|^latency\.\w+\.\w+ fail$/,
    );
  }

  expect(verdict.fault?.proof).toMatch(/the writer changed from db-\w to db-\w/);
  const write = verdict.recovery.find((recovery) => recovery.path === 'write');
  expect(write?.actualMs).toBeGreaterThan(500);
  expect(write?.actualMs).toBeLessThan(30_000);
  expect(write?.replicas).toHaveLength(6);
  expect(verdict.orders.acknowledged).toBeGreaterThan(299);
  expect(verdict.orders.persisted).toBeGreaterThanOrEqual(verdict.orders.acknowledged ?? Number.NaN);
  const judged = verdict.latency.filter((row) => row.path === 'checkout' && row.outcome !== null);
  expect(judged.map((row) => row.phase)).toEqual(expect.arrayContaining(['peak', 'recovered']));

  expect((await readdir(folder)).sort()).toEqual([
    'drill.json',
    'evidence',
    'facts.json',
    'journal.ndjson',
    'junit.xml',
    'load.json',
    'mochawesome.html',
    'mochawesome.json',
    'plan.json',
    'report.html',
    'sentinel.json',
    'summary.md',
    'verdict.json',
  ]);
  expect(await leftovers(place)).toEqual([]);

  const before = await readFile(join(folder, 'verdict.json'));
  const again = await startTenfold(place, ['analyze', folder]);
  expect(again.exitCode).toBe(result.exitCode);
  expect((await readFile(join(folder, 'verdict.json'))).equals(before)).toBe(true);
}, 900_000);
