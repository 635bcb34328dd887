import { spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InUse } from '../model/errors.ts';
import { type LockHolder, refuseHeld, takeLock } from './lock.ts';

let folder: string;
let path: string;
const owner = { runId: 'ours', runFolder: '/runs/ours' };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  path = join(folder, 'locks', 'local.json');
});
afterEach(async () => await rm(folder, { recursive: true }));

const never = async () => {
  throw new Error('there was no former holder');
};
const deadPid = () => spawnSync('true').pid;

async function leave(holder: Partial<LockHolder>): Promise<LockHolder> {
  const left = {
    pid: process.pid,
    host: hostname(),
    runId: 'theirs',
    runFolder: '/runs/theirs',
    expiresAtMs: Date.now() + 60_000,
    ...holder,
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(left));
  return left;
}

test('a second drill on the same platform is refused, by the name of the first', async () => {
  await using _first = await takeLock(path, owner, never);
  await expect(takeLock(path, { runId: 'second', runFolder: '/' }, never)).rejects.toThrow(
    /drill ours .* is using this platform/,
  );
});

test('who has it, and since when, is told to whoever wants to wait', async () => {
  await refuseHeld(path);
  const beforeMs = Date.now();
  await using _first = await takeLock(path, owner, never);
  const error = await refuseHeld(path).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InUse);
  expect((error as InUse).holder).toMatch(/^drill ours/);
  expect((error as InUse).sinceMs).toBeGreaterThanOrEqual(beforeMs);
});

test('a lock that was let go is free', async () => {
  await (await takeLock(path, owner, never))[Symbol.asyncDispose]();
  await expect(access(path)).rejects.toThrow();
  await using _second = await takeLock(path, owner, never);
});

test('the lock of a process that died is taken over, and what it left is told', async () => {
  const dead = await leave({ pid: deadPid() });
  const told: LockHolder[] = [];
  await using _lock = await takeLock(path, owner, async (former) => void told.push(former));
  expect(told).toEqual([dead]);
});

test('the lock of another machine holds until its lease ends', async () => {
  await leave({ host: 'elsewhere', pid: deadPid() });
  await expect(takeLock(path, owner, never)).rejects.toThrow(/on elsewhere/);
  const expired = await leave({ host: 'elsewhere', expiresAtMs: Date.now() - 1 });
  const told: LockHolder[] = [];
  await using _lock = await takeLock(path, owner, async (former) => void told.push(former));
  expect(told).toEqual([expired]);
});

test('when the clean-up of a dead drill fails, its lock stays for the next command', async () => {
  const dead = await leave({ pid: deadPid() });
  const failing = takeLock(path, owner, async () => {
    throw new Error('still dirty');
  });
  await expect(failing).rejects.toThrow('still dirty');
  const told: LockHolder[] = [];
  await using _lock = await takeLock(path, owner, async (former) => void told.push(former));
  expect(told).toEqual([dead]);
});

test('what a drill could not undo is left to the next command, although the drill lives', async () => {
  const first = await takeLock(path, owner, never);
  first.leaveDirty();
  await first[Symbol.asyncDispose]();
  const told: LockHolder[] = [];
  await using _lock = await takeLock(
    path,
    { runId: 'second', runFolder: '/' },
    async (former) => void told.push(former),
  );
  expect(told).toMatchObject([owner]);
});

test('of many that race for the lock of a dead holder one gets it', async () => {
  for (let round = 0; round < 100; round += 1) {
    await leave({ pid: deadPid() });
    const racers = ['a', 'b', 'c'].map((runId) => takeLock(path, { runId, runFolder: '/' }, async () => {}));
    const ended = await Promise.allSettled(racers);
    const locks = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(locks).toHaveLength(1);
    await locks[0]?.[Symbol.asyncDispose]();
    await expect(access(path)).rejects.toThrow();
  }
});

test('a lock that cannot be read is refused, not taken', async () => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '{"pid":');
  await expect(takeLock(path, owner, never)).rejects.toThrow(/cannot be read/);
});

test('a lock that another took over meanwhile is not let go for it', async () => {
  const first = await takeLock(path, owner, never);
  const other = await leave({ host: 'elsewhere' });
  await first[Symbol.asyncDispose]();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(other);
});
