import { access, appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { JsonLines } from '../runtime/files.ts';
import { Journal, ownerOf, pendingUndos, undoPending } from './journal.ts';

let folder: string;
let path: string;
const owner = { platform: 'shop', runId: 'ours', runFolder: '/runs/ours', pid: process.pid, host: hostname() };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  path = join(folder, 'journal.ndjson');
});
afterEach(async () => await rm(folder, { recursive: true }));

test('a change that was taken back is no longer pending', async () => {
  await using journal = new Journal(path, owner);
  const undone = journal.willChange({ kind: 'folder', dir: 'a' });
  expect(await pendingUndos(path)).toMatchObject([{ undo: { kind: 'folder', dir: 'a' } }]);
  undone();
  expect(await pendingUndos(path)).toEqual([]);
});

test('the latest change is undone first', async () => {
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'step', number: 1 });
  journal.willChange({ kind: 'step', number: 2 });
  const done: unknown[] = [];
  const failures = await undoPending(path, { step: async (undo) => void done.push(undo.number) });
  expect({ done, failures }).toEqual({ done: [2, 1], failures: [] });
  expect(await pendingUndos(path)).toEqual([]);
});

test('an undo that fails stays pending and does not keep the others from being done', async () => {
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'works' });
  journal.willChange({ kind: 'breaks' });
  journal.willChange({ kind: 'unheard-of' });
  const failures = await undoPending(path, {
    works: async () => {},
    breaks: async () => {
      throw new Error('still there');
    },
  });
  expect(failures).toHaveLength(2);
  expect(failures.join()).toContain('still there');
  expect(failures.join()).toContain('tenfold does not know how to undo unheard-of');
  expect((await pendingUndos(path)).map(({ undo }) => undo.kind)).toEqual(['unheard-of', 'breaks']);
});

test('a journal whose last line was cut off by a kill is still read', async () => {
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'folder' });
  await appendFile(path, '{"atMs":1,"entry":"und');
  expect(await pendingUndos(path)).toHaveLength(1);
});

test('a change that is written down after a line that was cut off is undone too', async () => {
  await writeFile(path, '{"atMs":1,"entry":"will-ch');
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'folder' });
  expect((await pendingUndos(path)).map(({ undo }) => undo.kind)).toEqual(['folder']);
});

test('on a full disk all is undone, and stays pending to be undone once more', async () => {
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'step', number: 1 });
  journal.willChange({ kind: 'step', number: 2 });
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const append = vi.spyOn(JsonLines.prototype, 'append').mockImplementation(() => {
    throw full;
  });
  const done: unknown[] = [];
  const failures = await undoPending(path, { step: async (undo) => void done.push(undo.number) });
  append.mockRestore();
  expect({ done, failures }).toEqual({ done: [2, 1], failures: [] });
  expect(await pendingUndos(path)).toHaveLength(2);
});

test('what keeps others away is undone for a drill that has died, and not while it lives', async () => {
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'step', isLock: true });
  journal.willChange({ kind: 'step' });
  const done: unknown[] = [];
  const undoers = { step: async ({ isLock = false }) => void done.push(isLock) };
  await undoPending(path, undoers, { whileAlive: true });
  expect(done).toEqual([false]);
  await undoPending(path, undoers);
  expect(done).toEqual([false, true]);
});

test('a run without a journal has nothing to undo', async () => {
  expect(await undoPending(join(folder, 'none'), {})).toEqual([]);
});

describe('a journal of which nothing is left', () => {
  test('is removed with its drill, and its copy in the run folder stays', async () => {
    const copy = join(folder, 'copy.ndjson');
    {
      await using journal = new Journal(path, owner);
      journal.copyTo(copy);
      journal.willChange({ kind: 'folder' })();
    }
    await expect(access(path)).rejects.toThrow();
    expect(await pendingUndos(copy)).toEqual([]);
    expect(await ownerOf(copy)).toEqual(owner);
  });

  test('stays while something is', async () => {
    {
      await using journal = new Journal(path, owner);
      journal.willChange({ kind: 'folder' });
    }
    expect(await pendingUndos(path)).toHaveLength(1);
  });
});

test('what nobody knows how to undo stays pending, whatever it is called', async () => {
  await using journal = new Journal(path, owner);
  journal.willChange({ kind: 'constructor' });
  expect(await undoPending(path, {})).toEqual([expect.stringMatching('tenfold does not know how to undo constructor')]);
  expect(await pendingUndos(path)).toHaveLength(1);
});

test('a journal is for its user alone, and tells no owner that is none', async () => {
  const before = process.umask(0);
  await using _journal = new Journal(join(folder, 'new', 'journal.ndjson'), owner);
  process.umask(before);
  const modeOf = async (...names: string[]) => ((await stat(join(folder, ...names))).mode & 0o777).toString(8);
  expect([await modeOf('new'), await modeOf('new', 'journal.ndjson')]).toEqual(['700', '600']);
  await writeFile(path, '{"entry":"begun","owner":{"pid":"1"}}\n');
  expect(await ownerOf(path)).toBeUndefined();
});
