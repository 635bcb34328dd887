import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planOf } from '../../tests/support/runs/plan.ts';
import { runbook } from '../../tests/support/runs/runbook.ts';
import { TickFile } from '../drill/tick-file.ts';
import { evidenceFiles } from '../model/evidence.ts';
import { runbookFact } from './runbook.ts';

const plan = { ...planOf(), runbook };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-ticks-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('without a runbook there is nothing to tell; with one and no tick, nobody did anything', async () => {
  expect(await runbookFact(folder, planOf())).toBeNull();
  const fact = await runbookFact(folder, plan);
  expect(fact).toMatchObject({ file: runbook.file, sha256: runbook.sha256 });
  expect(fact?.steps.map(({ id, doneAt, by }) => [id, doneAt, by])).toEqual([
    ['note', null, null],
    ['look', null, null],
    ['compare', null, null],
  ]);
});

test('what was written is what is read, whatever else is in the file', async () => {
  const atMs = Date.parse('2026-11-27T09:00:00.123Z');
  {
    using file = new TickFile(folder);
    file.record({ atMs, step: 'look', by: 'Ada' });
    file.record({ atMs: atMs + 1, step: 'look', by: 'Bob' });
    file.record({ atMs, step: 'of another runbook', by: 'Ada' });
    file[Symbol.dispose]();
    expect(() => file.record({ atMs, step: 'note', by: 'Ada' })).toThrow(/sealed/);
  }
  await appendFile(join(folder, evidenceFiles.ticks), '{"atMs":1,"step":"compare","by":""}\nnull\n{"step":"comp');
  const fact = await runbookFact(folder, plan);
  expect(fact?.steps.map(({ doneAt, by }) => [doneAt, by])).toEqual([
    [null, null],
    ['2026-11-27T09:00:00.123Z', 'Ada'],
    [null, null],
  ]);
});

test('a file is made by the first tick, and none without', async () => {
  new TickFile(folder)[Symbol.dispose]();
  expect(await readdir(folder)).toEqual([]);
});
