import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { testContext, testSite } from '../../tests/support/doctor-context.ts';
import { testFolder } from '../../tests/support/test-folder.ts';
import { Journal } from '../safety/journal.ts';
import { type LockHolder, takeLock } from '../safety/lock.ts';
import { journalPathOf, lockPathOf } from '../safety/state.ts';
import { leftOn, leftovers } from './leftovers.ts';

let folder: string;
beforeEach(async () => {
  const { path, end } = await testFolder('XDG_STATE_HOME');
  folder = path;
  return end;
});

const { platform: own } = testSite();
const other = 'attached-shop-80';
const dead = spawnSync('true').pid;
const noFormer = async () => {
  throw new Error('there was no former holder');
};

/** The lock of a drill that died. */
async function leaveLock(platform: string): Promise<void> {
  const holder: LockHolder = {
    pid: dead,
    host: hostname(),
    runId: 'theirs',
    runFolder: join(folder, 'run'),
    expiresAtMs: Date.now() + 60_000,
  };
  await mkdir(dirname(lockPathOf(platform)), { recursive: true });
  await writeFile(lockPathOf(platform), JSON.stringify(holder));
}

/** The journal of a drill that died, with a change that is not undone. */
async function leaveJournal(platform: string): Promise<void> {
  const owner = { platform, runId: 'theirs', runFolder: join(folder, 'run'), pid: dead, host: hostname() };
  await using journal = new Journal(journalPathOf(platform, owner.runId), owner);
  journal.willChange({ kind: 'broken' });
}

const look = () => leftovers.run(testContext());

test('where nothing is left it says so, and makes no folder', async () => {
  expect(await look()).toMatchObject([{ outcome: 'ok' }]);
  expect(await readdir(folder)).toEqual([]);
});

test('a drill that runs on the same platform keeps ours from running, one on another is a neighbour', async () => {
  await using _ours = await takeLock(lockPathOf(own), { runId: 'now', runFolder: folder }, noFormer);
  await using _other = await takeLock(lockPathOf(other), { runId: 'then', runFolder: folder }, noFormer);
  expect(await look()).toMatchObject([
    { outcome: 'warning', message: expect.stringContaining(`drill then (process ${process.pid}`) },
    {
      outcome: 'problem',
      message: expect.stringContaining(`is using ${own}`),
      remedy: expect.stringContaining('Ctrl-C'),
    },
  ]);
});

test('what the next drill undoes by itself is a warning, with the command that does it now', async () => {
  await leaveLock(own);
  await leaveJournal(own);
  await leaveJournal(other);
  expect(await look()).toMatchObject([
    { outcome: 'warning', message: `drills died while using ${other}; not undone: 1 change` },
    {
      outcome: 'warning',
      message: expect.stringMatching(/^drill theirs died .* 1 change$/),
      remedy: expect.stringContaining('cleanup'),
    },
  ]);
});

test('a lock whose journal is gone stops the next drill, which only unlock helps', async () => {
  await leaveLock(own);
  expect(await leftOn(own, true)).toMatchObject([
    {
      outcome: 'problem',
      message: expect.stringContaining('journal is gone'),
      remedy: expect.stringContaining(`unlock ${own}`),
    },
  ]);
  expect(await leftOn(own, false)).toMatchObject([{ outcome: 'warning' }]);
});

test('a lock that cannot be read is a problem, and hides no other', async () => {
  await leaveLock(other);
  await writeFile(lockPathOf(own), 'x');
  expect((await look()).map(({ outcome }) => outcome)).toEqual(['warning', 'problem']);
});
