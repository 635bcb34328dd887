import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { capacitySchema } from '../src/model/capacity.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { sleepMs } from '../src/runtime/clock.ts';
import {
  findingOf,
  leftovers,
  leftoversAfterAWhile,
  makePlace,
  pidOf,
  said,
  startDrill,
  startTenfold,
  theRun,
} from './harness.ts';

test('Ctrl-C while the fault is active undoes everything and is told as interrupted; meanwhile a second drill is refused', async () => {
  await using place = await makePlace();
  const drill = startDrill(place, ['--profile', 'brief']);
  await said(drill, 'steady state');
  const injected = said(drill, 'fault rds-failover injected');
  const second = await startDrill(place, ['--profile', 'brief']);
  expect(second.exitCode).toBe(exitCodes.invalid);
  expect(second.stderr).toMatch(/drill \S+ \(process \d+ on .*\) is using this platform/);

  await injected;
  drill.kill('SIGINT');
  // npm passes on a terminal's Ctrl-C, so it arrives twice: that still counts as one.
  await sleepMs(50);
  drill.kill('SIGINT');
  const result = await drill;
  expect(result.exitCode, result.stderr).toBe(exitCodes.stopped);
  const { verdict } = await theRun(place);
  expect(verdict.status).toBe('interrupted');
  expect(findingOf(verdict, 'run')?.outcome).toBe('inconclusive');
  // It was not watched long enough to say that the shop stayed away.
  expect(verdict.recovery.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive']);
  expect(await leftovers(place)).toEqual([]);
});

test.each([
  ['while the platform comes up', 'stand up the platform'],
  ['while the state is not yet steady', '> steady state'],
  ['under load', '> traffic'],
])('Ctrl-C three times %s leaves at once, and what was started ends by itself', async (_, moment) => {
  await using place = await makePlace();
  const drill = startDrill(place, ['--profile', 'brief']);
  await said(drill, moment);
  await sleepMs(700);
  // By the last one it may have left, or be on its way out, when Node heeds no signal any more.
  drill.child?.kill('SIGINT');
  await sleepMs(800);
  drill.child?.kill('SIGINT');
  await sleepMs(800);
  drill.child?.kill('SIGINT');
  const { exitCode, signal, stderr } = await drill;
  expect(stderr).toContain('SIGINT: undoing and tearing down');
  expect([exitCodes.stopped, 'SIGINT']).toContain(exitCode ?? signal);
  expect(await leftoversAfterAWhile(place)).toEqual([]);
});

test('kill -9 leaves a run folder with a status, everything ends by itself, and the next drill can run', async () => {
  await using place = await makePlace();
  const drill = startDrill(place, ['--profile', 'brief']);
  await said(drill, '> traffic');
  drill.kill('SIGKILL');
  await drill;
  expect(await leftoversAfterAWhile(place)).toEqual([]);
  const { verdict } = await theRun(place);
  expect(verdict).toMatchObject({ status: 'crashed', outcome: 'inconclusive' });

  const next = startDrill(place, ['--profile', 'brief']);
  await said(next, 'cleaning up after a drill that died');
  next.kill('SIGINT');
  expect((await next).exitCode).toBe(exitCodes.stopped);
  expect(await leftovers(place)).toEqual([]);
});

test('k6 dying in mid-run is inconclusive, with the reason', async () => {
  await using place = await makePlace();
  const drill = startDrill(place, ['--profile', 'brief']);
  const k6 = await vi.waitFor(() => pidOf(place, 'black-friday.ts'), { timeout: 120_000 });
  process.kill(k6, 'SIGKILL');
  const result = await drill;
  expect(result.stderr).toContain('k6 ended with');
  expect(result.exitCode).toBe(exitCodes.inconclusive);
  const { verdict } = await theRun(place);
  expect(verdict).toMatchObject({ status: 'crashed', outcome: 'inconclusive' });
  expect(findingOf(verdict, 'run')?.message).toContain('k6 ended with');
  expect(await leftovers(place)).toEqual([]);
});

test('Ctrl-C ends a run in steps cleanly, and what is not known is told as such', async () => {
  await using place = await makePlace();
  const running = startTenfold(place, [
    ...['capacity', '--profile', 'brief', '--scale', '1:60'],
    ...['--reports', place.reports],
  ]);
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
