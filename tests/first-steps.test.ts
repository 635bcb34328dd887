import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { shell } from '../src/runtime/shell.ts';
import { makePlace, startTenfold } from './harness.ts';

test('in a commonjs package init writes a config that loads', async () => {
  await using place = await makePlace();
  await writeFile(join(place.temp, 'package.json'), '{ "type": "commonjs" }');
  const written = await startTenfold(place, ['init', join(place.temp, 'tenfold.config.ts')]);
  expect(written.stdout).toMatch(/^Wrote \S*tenfold\.config\.mts\./);
  expect((await readdir(place.temp)).sort()).toEqual(['package.json', 'tenfold.config.mts']);
  const config = join(place.temp, 'tenfold.config.mts');
  const described = await startTenfold(place, ['describe', 'checkout-down', '--config', config]);
  expect(described.exitCode, described.stderr).toBe(exitCodes.pass);
});

test('below npm, paths are relative to where the command was typed', async () => {
  await using place = await makePlace();
  const typedIn = { INIT_CWD: place.temp, npm_lifecycle_event: 'tenfold' };
  const { exitCode, stderr } = await startTenfold(place, ['init', './mine.config.ts'], typedIn);
  expect(exitCode, stderr).toBe(exitCodes.pass);
  expect(await readdir(place.temp)).toEqual(['mine.config.ts']);
});

test('a Node that runs no TypeScript says what is missing', () => {
  const preload = join(rootFolder, 'bin', 'needs-typescript.mjs');
  const main = join(rootFolder, 'src', 'cli', 'main.ts');
  const args = ['--no-experimental-strip-types', '--import', preload, main, 'list'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(exitCodes.invalid);
  expect(stderr).toMatch(/does not run TypeScript[\s\S]*what to do: npm ci without --ignore-scripts/);
});

test('every script of the package lets signals and exit codes through, and checks its Node', async () => {
  const { scripts } = JSON.parse(await readFile(join(rootFolder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['drill', 'tenfold', 'platform', 'bench'])
    expect(scripts[name]).toMatch(/^exec node --import \.\/bin\/needs-typescript\.mjs /);
});

test('what is judged goes on, and ends as it should, when nobody reads it any more', async () => {
  const main = join(rootFolder, 'src', 'cli', 'main.ts');
  // The reader of both streams has gone before anything is said.
  const list = shell({ prefix: 'exec 3>&1; ' });
  const { stdout } = await list`{ ${process.execPath} ${main} list --json 2>&1; echo $? >&3; } | true`;
  expect(stdout.trim()).toBe(String(exitCodes.pass));
});
