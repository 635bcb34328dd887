import { cp, readFile, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { leftovers, makePlace, startTenfold } from './harness.ts';
import { shellOf } from './leftovers.ts';

const main = join(rootFolder, 'src', 'cli', 'main.ts');

test('a run is judged to the byte in any language and any time zone, and where nothing can be written but its folder', async () => {
  await using place = await makePlace();
  const recorded = join(rootFolder, 'fixtures', 'runs', 'spot-eviction-brief');
  const copy = join(place.mark, 'run');
  await cp(recorded, copy, { recursive: true });
  const env = {
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR',
    TZ: 'Pacific/Kiritimati',
    HOME: '/proc/nowhere',
    UV_THREADPOOL_SIZE: '1',
  };
  const { stderr, exitCode } = await startTenfold(place, ['analyze', copy], env);
  expect(exitCode, stderr).toBe(exitCodes.pass);
  expect(await readFile(join(copy, 'verdict.json'), 'utf8')).toBe(
    await readFile(join(recorded, 'verdict.json'), 'utf8'),
  );
});

test.each([
  {
    most: 256,
    scale: '1:60',
    says: /256 files open here; a drill needs at least 1024[\s\S]*raise the hard limit: ulimit -Hn 1024/,
  },
  {
    most: 1_500,
    scale: '1:10',
    says: /1500 files open; \d+ virtual users need up to \d{4}[\s\S]*raise the hard limit: ulimit -Hn \d{4}/,
  },
])(
  '$most descriptors are too few for $scale of the traffic, and that is told before anything is started',
  async ({ most, scale, says }) => {
    await using place = await makePlace();
    const command = ['run', 'aurora-failover', '--scale', scale, '--reports', place.reports];
    const limited = shellOf(place)({ prefix: `ulimit -n ${most}; exec ` });
    const { exitCode, stderr, stdout } = await limited`${process.execPath} ${main} ${command}`;
    expect(exitCode, stderr).toBe(exitCodes.invalid);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(await leftovers(place)).toEqual([]);
  },
);

test('a checkout whose path has any character works', async () => {
  await using place = await makePlace();
  const odd = join(place.mark, `it's #1 100% ü?&=[x]{a,b}; $HOME dir`);
  for (const name of ['bin', 'chaos', 'docs', 'infra-under-test', 'scenarios', 'src', 'package.json'])
    await cp(join(rootFolder, name), join(odd, name), { recursive: true });
  await symlink(await realpath(join(rootFolder, 'node_modules')), join(odd, 'node_modules'));
  const start = (program: string, args: string[]) =>
    shellOf(place)({ stdio: 'pipe' })`${process.execPath} ${join(odd, program)} ${args}`;
  const config = join(place.mark, 'tenfold.config.ts');
  for (const args of [['init', config], ['describe', 'checkout-down', '--config', config], ['list']]) {
    const { exitCode, stderr } = await start('src/cli/main.ts', args);
    expect(exitCode, stderr).toBe(exitCodes.pass);
  }
  const region = start('infra-under-test/region/main.ts', ['up', '--lifeline', '--json']);
  // It ends once its stdin is closed.
  region.stdout.once('data', () => region.stdin.end());
  const { exitCode, stderr } = await region;
  expect(exitCode, stderr).toBe(exitCodes.pass);
  expect(stderr).toContain('pods healthy at the edge');
  expect(await leftovers(place)).toEqual([]);
});
