import { copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { copyRun, type RunCopy } from '../fixtures/evidence/copy-run.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import type { Verdict } from '../src/model/verdict.ts';
import { checksum } from '../src/runtime/files.ts';
import { makePlace, startTenfold } from './harness.ts';

/** What `analyze` must never touch. */
async function stored(folder: string): Promise<Record<string, string>> {
  const evidence = (await readdir(join(folder, 'evidence'))).map((name) => join('evidence', name));
  const names = [...evidence, 'plan.json', 'drill.json'].sort();
  const sums = names.map(async (name) => [
    name,
    (await checksum(join(folder, name)).catch(() => null))?.sha256 ?? 'none',
  ]);
  return Object.fromEntries(await Promise.all(sums));
}

const edited = (run: RunCopy, name: string, change: (text: string) => string): Promise<void> =>
  readFile(join(run.evidence, name)).then((content) =>
    writeFile(join(run.evidence, name), gzipSync(change(gunzipSync(content).toString()))),
  );

test.each<[string, (run: RunCopy) => Promise<void>, RegExp]>([
  [
    'cut off',
    async ({ evidence }) => await truncate(join(evidence, 'k6.csv.gz'), 200_000),
    /k6\.csv\.gz could not be read: it is cut off or damaged/,
  ],
  [
    'empty',
    async ({ evidence }) => await writeFile(join(evidence, 'k6.csv.gz'), ''),
    /k6\.csv\.gz is not the file that the run sealed[\s\S]*k6\.csv\.gz/,
  ],
  [
    'without a manifest, and cut off',
    async ({ evidence }) => {
      await rm(join(evidence, 'manifest.json'));
      await truncate(join(evidence, 'probes.csv.gz'), 100_000);
    },
    /probes\.csv\.gz could not be read: it is cut off or damaged[\s\S]*manifest\.json is missing/,
  ],
  [
    'of a k6 with other columns',
    (run) => edited(run, 'k6.csv.gz', (text) => text.replace('metric_name,timestamp', 'metric,time')),
    /k6\.csv\.gz could not be read: .*metric_name/,
  ],
  [
    'of foreign rows',
    (run) =>
      edited(run, 'k6.csv.gz', (text) => `${text}hello\n<html>,,\ntenfold_call,now,fast,,,,op=list&result=ok,\n`),
    /k6\.csv\.gz has broken rows: 2 could not be read[\s\S]*samples that could not be understood: 1/,
  ],
  [
    'of orders that are none',
    (run) => edited(run, 'orders.csv.gz', (text) => `${text},,\n`),
    /orders\.csv\.gz has rows that are no orders: 1/,
  ],
  [
    'with a line of a hundred megabytes among its observations',
    async ({ evidence }) =>
      await writeFile(join(evidence, 'observations.ndjson'), Buffer.alloc(100_000_000, 'x'), { flag: 'a' }),
    /observations\.ndjson has broken lines: 1 of \d+ could not be read/,
  ],
])('evidence that is %s is inconclusive with its reason, and stays as it is', async (_, spoil, reason) => {
  await using place = await makePlace();
  await using run = await copyRun();
  await spoil(run);
  const before = await stored(run.folder);
  const result = await startTenfold(place, ['analyze', run.folder, '--json']);
  expect(result.exitCode, result.stderr).toBe(exitCodes.inconclusive);
  const verdict = JSON.parse(result.stdout) as Verdict;
  const messages = verdict.findings.filter(({ id }) => id.startsWith('evidence')).map(({ message }) => message);
  expect(messages.join('\n')).toMatch(reason);
  expect(JSON.stringify(verdict)).not.toContain(run.folder);
  expect(await stored(run.folder)).toEqual(before);
});

test.each<[string, (run: RunCopy) => Promise<void>, RegExp]>([
  [
    'a plan that is cut off',
    async ({ folder }) => await truncate(join(folder, 'plan.json'), 300),
    /plan\.json is not a plan: .*JSON/,
  ],
  [
    'a plan of another shape',
    async ({ folder }) => await writeFile(join(folder, 'plan.json'), '{"drill":7}'),
    /plan\.json is not a plan: [\s\S]*expected string[\s\S]*objectives/,
  ],
  [
    'a folder in place of a plan',
    async ({ folder }) => {
      await rm(join(folder, 'plan.json'));
      await mkdir(join(folder, 'plan.json'));
    },
    /plan\.json is not a plan/,
  ],
  [
    'no evidence at all',
    async ({ evidence }) => {
      for (const name of await readdir(evidence)) await rm(join(evidence, name));
    },
    /there is no evidence in/,
  ],
])('%s is refused, and the verdict that was there stays', async (_, spoil, reason) => {
  await using place = await makePlace();
  await using run = await copyRun();
  await copyFile(join(run.folder, 'drill.json'), join(run.folder, 'verdict.json'));
  await spoil(run);
  const before = await stored(run.folder);
  const result = await startTenfold(place, ['analyze', run.folder]);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(reason);
  expect(result.stdout).toBe('');
  expect(await stored(run.folder)).toEqual(before);
  expect(await checksum(join(run.folder, 'verdict.json'))).toEqual(await checksum(join(run.folder, 'drill.json')));
});
