import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { makePlace, startTenfold } from './harness.ts';
import { runIdOf, storeRun } from './support/runs/stored-run.ts';

test('a shop that became slower is named by its commit, until that is accepted', async () => {
  await using place = await makePlace();
  const { reports } = place;
  for (let day = 0; day < 26; day += 1)
    await storeRun(reports, {
      day,
      commit: `${day}`.padStart(12, 'c'),
      recoveryS: (day < 16 ? 6.4 : 8.9) + (day % 5) / 10,
      ...(day === 3 && { status: 'interrupted' }),
    });
  const say = (...args: string[]) => startTenfold(place, [...args, '--reports', reports]);

  const history = await say('history', '--last', '3', '--json');
  expect(history.exitCode, history.stderr).toBe(exitCodes.pass);
  const listed = JSON.parse(history.stdout);
  expect(listed.total).toBe(26);
  expect(listed.runs.map(({ runId }: { runId: string }) => runId)).toEqual([runIdOf(25), runIdOf(24), runIdOf(23)]);

  const trend = await say('trend', 'aurora-failover');
  expect(trend.exitCode, trend.stderr).toBe(exitCodes.fail);
  expect(trend.stdout).toMatch(
    new RegExp(
      `^WORSE .*\nWrite recovery went from 6\\.\\S+ s to 9\\.\\S+ s with run ${runIdOf(16)} \\(commit cccccccccc16; the run before had cccccccccc15\\)`,
    ),
  );
  expect(trend.stdout).toContain('1 inconclusive or not completed, shown and counted in nothing');
  expect(await readFile(join(reports, 'trends', 'aurora-failover.html'), 'utf8')).toContain(
    'class="chart trend-recovery-write"',
  );

  for (let day = 15; day < 26; day += 1)
    if (day < 16) await rm(join(reports, 'aurora-failover', runIdOf(day)), { recursive: true });
  const json = await say('trend', 'aurora-failover', '--json');
  const { measures } = JSON.parse(json.stdout);
  expect(measures[0].change).toMatchObject({ first: { runId: runIdOf(16) }, lastBefore: { runId: runIdOf(14) } });

  const set = await say('baseline', 'set', runIdOf(16));
  expect(set.exitCode, set.stderr).toBe(exitCodes.pass);
  expect((await say('baseline', 'show')).stdout).toContain(runIdOf(16));
  const after = await say('trend', 'aurora-failover');
  expect(after.stdout).toContain('10 runs passed');
  expect(after.stdout).not.toContain('went from');
  expect(after.exitCode).toBe(exitCodes.inconclusive);
});
