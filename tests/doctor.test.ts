import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platformNameOf } from '../src/cli/wire.ts';
import type { Answer } from '../src/doctor/check.ts';
import type { Diagnosis } from '../src/doctor/examine.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { leftovers, makePlace, type Place, startTenfold } from './harness.ts';

const answersOf = ({ checks }: Diagnosis, id: string): Answer[] =>
  checks.find((check) => check.id === id)?.answers ?? [];

/** Without `headroom`: drills report a host that is too slow for any traffic too, and no test can mend it. */
const problemsOf = ({ checks }: Diagnosis): string[] =>
  checks
    .filter(({ answers }) => answers.some(({ outcome }) => outcome === 'problem'))
    .map(({ id }) => id)
    .filter((id) => id !== 'headroom');

/** Runs the doctor, whose exit code must say whether it reported a problem. */
async function diagnose(place: Place, args: string[] = [], env: Record<string, string> = {}) {
  const result = await startTenfold(place, ['doctor', '--json', '--reports', place.reports, ...args], env);
  const diagnosis = JSON.parse(result.stdout) as Diagnosis;
  expect(result.exitCode, result.stdout).toBe(diagnosis.counts.problem > 0 ? exitCodes.invalid : exitCodes.pass);
  expect(await leftovers(place)).toEqual([]);
  const { stdout, stderr, exitCode } = result;
  return { stdout, stderr, exitCode, diagnosis };
}

/** The lock of a drill that died, whose journal is gone. */
async function leaveLock(place: Place, platform: string): Promise<string> {
  const folder = join(place.mark, 'state', 'tenfold', 'locks');
  await mkdir(folder, { recursive: true });
  const runFolder = join(place.reports, 'gone');
  const holder = { pid: spawnSync('true').pid, host: hostname(), runId: 'theirs', runFolder, expiresAtMs: Date.now() };
  await writeFile(join(folder, `${platform}.json`), JSON.stringify(holder));
  return folder;
}

test('on a machine that can run drills there is no problem, and what takes long is told', async () => {
  await using place = await makePlace();
  const { diagnosis, stderr } = await diagnose(place);
  expect(problemsOf(diagnosis)).toEqual([]);
  expect(diagnosis.checks.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['runtime', 'k6', 'ports', 'descriptors', 'permissions', 'disk', 'clock', 'surroundings']),
  );
  expect(answersOf(diagnosis, 'headroom')[0]?.message).toMatch(/requests\/s at peak/);
  expect(answersOf(diagnosis, 'shop')).toEqual([]);
  expect(stderr).toContain('checking Other programs');
  // Neither a reports folder nor a state folder was made.
  expect((await readdir(place.mark)).filter((name) => !name.startsWith('tmp-'))).toEqual([]);
});

test('for people it is a line each, with what to do; a lock whose journal is gone stops drills until it is unlocked', async () => {
  await using place = await makePlace();
  const platform = platformNameOf('local');
  const locks = await leaveLock(place, platform);
  const { exitCode, stdout } = await startTenfold(place, ['doctor', '--reports', place.reports]);
  expect(exitCode, stdout).toBe(exitCodes.invalid);
  expect(stdout).toMatch(
    new RegExp(`x Leftovers +drill theirs died while using ${platform}.*\n +what to do: .*unlock ${platform} --reason`),
  );
  expect(stdout).toMatch(/\d+ problems?, \d+ warnings?, \d+ unknown, \d+ ok\n$/);
  expect(await readdir(locks)).toEqual([`${platform}.json`]);
});

test('of a shop that nobody reaches, and a variable that breaks the way to the pocket region, it says so', async () => {
  await using place = await makePlace();
  await leaveLock(place, 'attached-shop.example-443');
  const config = join(place.mark, 'tenfold.config.ts');
  const paths = { read: { limitMs: 100, probe: { path: '/', headers: { token: { env: 'SHOP_TOKEN' } } } } };
  const definition = { baseUrl: 'http://127.0.0.1:1', paths, traffic: { baselineRatePerSecond: 5 } };
  await writeFile(config, `export default ${JSON.stringify(definition)};\n`);

  const unset = await diagnose(place, ['--config', config]);
  expect(problemsOf(unset.diagnosis)).toEqual(['shop']);
  expect(answersOf(unset.diagnosis, 'shop')[0]?.message).toContain('SHOP_TOKEN is not set');
  expect(answersOf(unset.diagnosis, 'headroom')).toMatchObject([{ outcome: 'unknown' }]);

  const { diagnosis } = await diagnose(place, ['--config', config], {
    SHOP_TOKEN: 'secret',
    AWS_USE_FIPS_ENDPOINT: 'true',
  });
  expect(problemsOf(diagnosis)).toEqual(['shop']);
  expect(answersOf(diagnosis, 'shop')).toMatchObject([
    { outcome: 'problem', message: 'http://127.0.0.1:1 cannot be reached: ECONNREFUSED', remedy: expect.any(String) },
  ]);
  expect(answersOf(diagnosis, 'leftovers')).toMatchObject([
    { outcome: 'warning', remedy: expect.stringContaining('unlock attached-shop.example-443') },
  ]);
});

test('a proxy for all of Node does not stand before what is on this machine, and its address is not told', async () => {
  await using place = await makePlace();
  const proxied = { HTTP_PROXY: 'http://user:password@127.0.0.1:1', NODE_USE_ENV_PROXY: '1' };
  const { diagnosis, stdout } = await diagnose(place, [], proxied);
  expect(problemsOf(diagnosis)).toEqual([]);
  expect(answersOf(diagnosis, 'ports')[0]).toMatchObject({
    outcome: 'ok',
    message: expect.stringContaining('answers'),
  });
  expect(answersOf(diagnosis, 'surroundings')[0]?.message).toContain('HTTP_PROXY: not used');
  expect(stdout).not.toContain('password');
});
