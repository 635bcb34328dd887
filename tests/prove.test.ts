import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { type Matrix, matrixSchema } from '../src/model/matrix.ts';
import { findingOf, leftovers, makePlace, type Place, said, startTenfold, theRun } from './harness.ts';

const prove = (place: Place, ...args: string[]) =>
  startTenfold(place, ['prove', 'aurora-failover', '--profile', 'brief', '--reports', place.reports, ...args]);

async function theMatrix(place: Place): Promise<{ folder: string; matrix: Matrix }> {
  const folder = join(place.reports, 'prove', 'latest');
  return { folder, matrix: matrixSchema.parse(JSON.parse(await readFile(join(folder, 'prove.json'), 'utf8'))) };
}

test('a matrix that Ctrl-C ended goes on where it was, and catches what was taken away', {
  timeout: 360_000,
}, async () => {
  await using place = await makePlace();
  const first = prove(place, '--protection', 'quorum-commit');
  await said(first, '1 of 2  aurora-failover on the whole platform');
  const other = await startTenfold(place, ['run', '--all', '--profile', 'brief', '--reports', place.reports]);
  expect(other.exitCode).toBe(exitCodes.invalid);
  expect(other.stderr).toMatch(/is using this platform/);

  await said(first, '2 of 2  aurora-failover without quorum-commit');
  first.kill('SIGINT');
  const interrupted = await first;
  expect(interrupted.exitCode, interrupted.stderr).toBe(exitCodes.stopped);
  const { matrix: half } = await theMatrix(place);
  expect(half).toMatchObject({ status: 'interrupted', stoppedBy: 'interrupted by SIGINT' });
  expect(half.cells.map(({ run }) => run !== null)).toEqual([true, false]);
  expect(await leftovers(place)).toEqual([]);

  const result = await prove(place, '--protection', 'quorum-commit', '--json');
  expect(result.stderr).toContain('continues: 1 of 2 runs are already done');
  const { folder, matrix } = await theMatrix(place);
  expect(JSON.parse(result.stdout)).toEqual(matrix);
  expect(matrix).toMatchObject({ id: half.id, status: 'completed', cells: [{ run: half.cells[0]?.run }, {}] });
  expect(matrix.cells[1], result.stderr).toMatchObject({
    without: 'quorum-commit',
    finding: 'orders.lost',
    state: 'caught',
  });
  const { verdict } = await theRun({ ...place, reports: join(folder, 'runs') }, 'aurora-failover');
  expect(verdict.orders.lost).toBeGreaterThan(0);
  // This profile is too short to judge that writes came back: only the ledger caught it.
  expect(findingOf(verdict, 'recovery.write')).toMatchObject({ outcome: null });
  expect(verdict.recovery.find(({ path }) => path === 'write')?.actualMs).toBeLessThan(18_000);
  // Whether the whole platform passes depends on the host: the exit code follows the matrix.
  expect(result.exitCode).toBe(exitCodes[matrix.outcome]);
  expect((await readdir(folder)).sort()).toEqual(['junit.xml', 'prove.html', 'prove.json', 'runs', 'summary.md']);
  for (const { run } of matrix.cells) expect(await readdir(join(folder, run?.folder ?? ''))).toContain('report.html');
  expect(await leftovers(place)).toEqual([]);
});

test.each([
  [
    'an unknown protection',
    ['--protection', 'quorum-comit'],
    /quorum-comit is not a protection[\s\S]*did you mean quorum-commit\?/,
  ],
  [
    'one that another drill guards',
    ['--protection', 'session-store'],
    /session-store is not a protection guarded by aurora-failover/,
  ],
  ['both ways to start', ['--fresh', '--retry'], /choose one/],
])('%s is refused, and nothing is started', async (_, args, message) => {
  await using place = await makePlace();
  const result = await prove(place, ...args);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(message);
  expect(await leftovers(place)).toEqual([]);
});

test('--list shows what guards what', async () => {
  await using place = await makePlace();
  const result = await prove(place, '--list');
  expect(result.exitCode).toBe(exitCodes.pass);
  expect(result.stdout).toMatch(/^quorum-commit +aurora-failover +orders\.lost +a commit/m);
});
