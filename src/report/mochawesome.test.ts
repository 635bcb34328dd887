import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { noFaultRun } from '../../tests/support/runs/no-fault.ts';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { failingRun, hostileRun, inconclusiveRun, interruptedRun, passingRun } from '../../tests/support/runs/runs.ts';
import { mochawesomeReport } from './mochawesome.ts';

const runs = { passingRun, failingRun, inconclusiveRun, interruptedRun, nodeLossRun, noFaultRun, hostileRun };

test('marge, which checks what it is given, takes every kind of run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-marge-'));
  try {
    const files = await Promise.all(
      Object.entries(runs).map(async ([name, run]) => {
        const file = join(folder, `${name}.json`);
        await writeFile(file, JSON.stringify(mochawesomeReport(run())));
        return file;
      }),
    );
    const marge = createRequire(import.meta.url).resolve('mochawesome-report-generator/bin/cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [marge, ...files, '--inline', '-o', folder], {
      cwd: folder,
    });
    expect(stdout.match(/\.html/g)).toHaveLength(files.length);
    expect(stdout).not.toMatch(/error|problem/i);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 20_000);

test('a suite a kind of finding, a test a finding', () => {
  const { results, stats } = mochawesomeReport(failingRun());
  expect(results[0]?.suites.map((suite) => suite.title)).toEqual([
    'Peak',
    'Fault',
    'Recovery',
    'Latency',
    'Orders',
    'Error budget',
    'Trust',
  ]);
  expect(stats).toMatchObject({ tests: 18, passes: 11, failures: 5, pending: 2, skipped: 0, duration: 87_200 });
  expect(stats.passPercent).toBeCloseTo((11 / 16) * 100);
});

test('inconclusive is failed, and says what it is', () => {
  const tests = mochawesomeReport(inconclusiveRun()).results[0]?.suites.flatMap((suite) => suite.tests) ?? [];
  const inconclusive = tests.filter((item) => item.title.startsWith('INCONCLUSIVE: '));
  expect(inconclusive).toHaveLength(6);
  expect(inconclusive.every((item) => item.state === 'failed' && item.fail && !item.pass && item.err.message)).toBe(
    true,
  );
});

test('what does not count is pending, and says what it is', () => {
  const tests = mochawesomeReport(nodeLossRun()).results[0]?.suites.flatMap((suite) => suite.tests) ?? [];
  const pending = tests.filter(({ state }) => state === 'pending');
  expect(pending.map(({ title }) => title)).toEqual([
    'NOT JUDGED: Pod recovery',
    'NOT JUDGED: Node recovery',
    'LEFT OPEN: Checkout latency at baseline',
    'LEFT OPEN: Checkout latency after recovery',
  ]);
  expect(pending.every((item) => item.pending && !item.pass && !item.fail && item.err.message === undefined)).toBe(
    true,
  );
});

test('the same run has the same ids, another run has others', () => {
  const ids = (run = passingRun()): string[] =>
    mochawesomeReport(run).results[0]?.suites.flatMap((suite) => suite.tests.map((item) => item.uuid)) ?? [];
  const { verdict, ...rest } = passingRun();
  const other = ids({ ...rest, verdict: { ...verdict, runId: 'another' } });
  expect(ids()).toEqual(ids());
  expect(new Set([...ids(), ...other]).size).toBe(36);
});
