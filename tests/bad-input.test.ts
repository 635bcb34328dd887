import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { leftovers, makePlace, startDrill, startTenfold } from './harness.ts';

test.each([
  [
    'an unknown drill',
    ['run', 'aurora-failovr'],
    /there is no drill aurora-failovr[\s\S]*did you mean aurora-failover\?/,
  ],
  [
    'an unknown option',
    ['run', 'aurora-failover', '--profil', 'smoke'],
    /unknown option '--profil'[\s\S]*Did you mean --profile\?/,
  ],
  [
    'an unknown profile',
    ['run', 'aurora-failover', '--profile', 'huge'],
    /Allowed choices are brief, smoke, nightly, sessions, readiness/,
  ],
  [
    'a load without anybody to send it',
    ['run', 'aurora-failover', '--load-workers', '0'],
    /--load-workers <count>.*0.*is invalid[\s\S]*whole number from 1 to 32/,
  ],
  [
    'a scale that is none',
    ['run', 'aurora-failover', '--scale', '600'],
    /--scale <1:n>.*600.*is invalid[\s\S]*It is 1:n/,
  ],
  [
    'a scale for a shop whose config says how much',
    ['run', 'traffic-alone', '--config', 'fixtures/config/tenfold.config.ts', '--scale', '1:20'],
    /--scale is for the shop under test/,
  ],
  [
    'sessions on a shop of which no pages are known',
    ['run', 'traffic-alone', '--config', 'fixtures/config/tenfold.config.ts', '--profile', 'sessions'],
    /the profile sessions is for the shop under test/,
  ],
  ['an unknown target', ['run', 'aurora-failover', '--target', 'moon'], /Allowed choices are local/],
  ['an unknown protection', ['run', 'aurora-failover', '--without', 'luck'], /luck is not a protection of local/],
  ['a folder that is no run', ['analyze', 'docs'], /is not the folder of a run/],
  ['an unknown command', ['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
])('%s is refused with what to do, and nothing is started', async (_, args, message) => {
  await using place = await makePlace();
  const result = await startTenfold(place, args);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(message);
  expect(result.stdout).toBe('');
  expect(await leftovers(place)).toEqual([]);
});

test('no k6 to be had is one clear error that lists where it was looked for', async () => {
  await using place = await makePlace();
  const result = await startDrill(place, [], { PATH: '/nowhere', XDG_CACHE_HOME: place.temp });
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(/no usable k6[\s\S]*K6_PATH is not set[\s\S]*PATH[\s\S]*cache[\s\S]*Go/);
});

test('a reports folder that cannot be written is refused before anything is started', async () => {
  await using place = await makePlace();
  // A file where a folder should be keeps root out too.
  const blocked = join(place.temp, 'a-file');
  await writeFile(blocked, '');
  const reports = join(blocked, 'reports');
  const result = await startTenfold(place, ['run', 'aurora-failover', '--reports', reports]);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(/reports cannot be written to .*--reports FOLDER/s);
});
