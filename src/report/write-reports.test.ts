import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failingRun, interruptedRun } from '../../tests/support/runs/runs.ts';
import { writeReports } from './write-reports.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenfold-reports-'&-"));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([failingRun, interruptedRun])('writes five files, nothing else, and says nothing', async (run) => {
  const said = vi.spyOn(process.stdout, 'write');
  await writeReports(folder, run());
  expect(said).not.toHaveBeenCalled();
  said.mockRestore();
  expect(await readdir(folder)).toEqual([
    'junit.xml',
    'mochawesome.html',
    'mochawesome.json',
    'report.html',
    'summary.md',
  ]);
  expect(await readdir(process.cwd())).not.toContain('mochawesome-report');
});

test('no report names the folder that it was written to', async () => {
  await writeReports(folder, failingRun());
  for (const file of await readdir(folder))
    expect(await readFile(join(folder, file), 'utf8')).not.toContain('tenfold-reports-');
});
