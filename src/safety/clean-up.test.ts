import { spawnSync } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { testFolder } from '../../tests/support/test-folder.ts';
import { exitCodes } from '../model/exit-codes.ts';
import { cleanUpOthers, undoLeftovers, undoOf } from './clean-up.ts';
import { Journal, type Owner } from './journal.ts';
import { journalPathOf } from './state.ts';

const platform = 'attached-shop-80';
let folder: string;
beforeEach(async () => {
  const { path, end } = await testFolder('XDG_STATE_HOME');
  folder = path;
  return end;
});

/** The journal of a drill that broke something and died, and whose copy is in its run's folder. */
async function leave(some: Partial<Owner> = {}): Promise<Owner> {
  const owner = { platform, runId: 'theirs', runFolder: folder, pid: spawnSync('true').pid, host: hostname(), ...some };
  await using journal = new Journal(journalPathOf(platform, owner.runId), owner);
  journal.copyTo(join(owner.runFolder, 'journal.ndjson'));
  journal.willChange({ kind: 'broken', by: owner.runId });
  return owner;
}

/** Notes whose changes were undone. */
function undoing() {
  const undone: unknown[] = [];
  return { undone, undoers: { broken: async ({ by }: Record<string, unknown>) => void undone.push(by) } };
}

test('what a dead drill left is undone from its journal, whose run folder may be gone', async () => {
  const owner = await leave();
  await rm(join(folder, 'journal.ndjson'));
  const { undone, undoers } = undoing();
  await undoOf(platform, owner, undoers);
  expect(undone).toEqual(['theirs']);
  await expect(access(journalPathOf(platform, 'theirs'))).rejects.toThrow();
});

test('and from the copy in its run folder, where the state folder is gone', async () => {
  const owner = await leave();
  await rm(journalPathOf(platform, 'theirs'));
  const { undone, undoers } = undoing();
  await undoOf(platform, owner, undoers);
  // A second time there is nothing left of it.
  await undoOf(platform, owner, undoers);
  expect(undone).toEqual(['theirs']);
});

test('where both are gone nobody knows what it changed, and it says so', async () => {
  const owner = await leave();
  await rm(journalPathOf(platform, 'theirs'));
  await rm(join(folder, 'journal.ndjson'));
  await expect(undoOf(platform, owner, {})).rejects.toThrow(/its journal is gone .*: what it changed is unknown/);
});

test('drills whose lock is gone are undone too, the latest first; those that live are left alone', async () => {
  await leave({ runId: 'a' });
  await leave({ runId: 'b' });
  await leave({ runId: 'living', pid: process.pid });
  const { undone, undoers } = undoing();
  expect(await undoLeftovers(platform, undoers)).toEqual(['b', 'a']);
  expect(undone).toEqual(['b', 'a']);
  expect(await undoLeftovers(platform, undoers)).toEqual([]);
});

test('what cannot be undone stays for the next command, and the others are undone', async () => {
  await leave({ runId: 'a' });
  await leave({ runId: 'b' });
  const { undone, undoers } = undoing();
  const failing = {
    broken: async (undo: Record<string, unknown>) => {
      if (undo.by === 'b') throw new Error('still there');
      await undoers.broken(undo);
    },
  };
  await expect(undoLeftovers(platform, failing)).rejects.toThrow(/may be dirty[\s\S]*still there/);
  expect(undone).toEqual(['a']);
  expect(await undoLeftovers(platform, undoers)).toEqual(['b']);
});

/** A drill on a cluster by some name of it, which switched a node off and died; its lease was let go of since. */
async function leaveOnCluster(platform: string, clusterUid: string, pid = spawnSync('true').pid): Promise<void> {
  const owner = { platform, runId: `on-${platform}`, runFolder: folder, pid, host: hostname() };
  await using journal = new Journal(journalPathOf(platform, owner.runId), owner);
  journal.willChange({ kind: 'lease', clusterUid })();
  journal.willChange({ kind: 'broken', by: platform });
}

test('what was left under another name of the same place is undone, and nothing elsewhere or of a drill that lives', async () => {
  await leaveOnCluster('kubernetes-a', 'uid-1');
  await leaveOnCluster('attached-shop', 'uid-1');
  await leaveOnCluster('kubernetes-other', 'uid-2');
  await leaveOnCluster('kubernetes-living', 'uid-1', process.pid);
  const { undone, undoers } = undoing();
  const ours = { platform: 'kubernetes-b', runId: 'ours' };
  const runs = await cleanUpOthers({ clusterUid: 'uid-1' }, undoers, ours);
  expect(runs).toEqual(['on-attached-shop', 'on-kubernetes-a']);
  expect(undone).toEqual(['attached-shop', 'kubernetes-a']);
  expect(await cleanUpOthers({ clusterUid: 'uid-1' }, undoers, ours)).toEqual([]);
});

test('where it cannot be undone, nothing goes on', async () => {
  await leaveOnCluster('kubernetes-a', 'uid-1');
  const failing = { broken: () => Promise.reject(new Error('the machine does not boot')) };
  const ours = { platform: 'kubernetes-b', runId: 'ours' };
  await expect(cleanUpOthers({ clusterUid: 'uid-1' }, failing, ours)).rejects.toMatchObject({
    exitCode: exitCodes.dirty,
    hint: expect.stringMatching('npm run tenfold -- cleanup'),
  });
});
