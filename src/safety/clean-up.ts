import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TenfoldError } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import type { Undo, Undoers } from '../model/fault.ts';
import { changesIn, Journal, livesHere, type Owner, ownerOf, pendingUndos, undoPending } from './journal.ts';
import { takeLock } from './lock.ts';
import { journalCopyIn, journalFolderOf, journalPathOf, knownPlatforms, lockPathOf } from './state.ts';

/** What could not be undone, as an error for people; null when nothing. */
export function dirtyError(dirty: string[]): TenfoldError | null {
  if (dirty.length === 0) return null;
  return new TenfoldError(['the platform may be dirty: this could not be undone:', ...dirty].join('\n'), {
    exitCode: exitCodes.dirty,
    hint: 'npm run tenfold -- cleanup tries again, and so does the next drill; npm run platform -- status shows what is up',
  });
}

/** The same of what somebody else has changed since, so that it was left as it is. */
export function leftError(left: readonly string[]): TenfoldError | null {
  if (left.length === 0) return null;
  return new TenfoldError(['all was undone, and yet this is not as before:', ...left].join('\n'), {
    exitCode: exitCodes.dirty,
    hint: 'look at it, and mend it by hand if need be: what somebody else has changed is never undone, and is not told again',
  });
}

/**
 * Undoes what a drill left that died while it held the lock of a platform, from its journal, or from the copy in its run's folder.
 * @returns how many changes were undone.
 * @throws TenfoldError (dirty) when something cannot be undone, or when both are gone: then nobody knows what it changed.
 */
export async function undoOf(
  platform: string,
  { runId, runFolder }: { runId: string; runFolder: string },
  undoers: Undoers,
): Promise<number> {
  const [journal, copy] = journalsOf(platform, { runId, runFolder });
  const path = [journal, copy].find((one) => existsSync(one));
  if (path === undefined) throw journalIsGone(platform, runId, [journal, copy]);
  const { length } = await pendingUndos(path);
  const error = dirtyError(await undoPending(path, undoers, path === copy ? {} : { copy }));
  if (error) throw error;
  await rm(journal, { force: true });
  return length;
}

/** Where the changes of a run are written down: its journal, and the copy in its folder. */
const journalsOf = (platform: string, { runId, runFolder }: Pick<Owner, 'runId' | 'runFolder'>): [string, string] => [
  journalPathOf(platform, runId),
  journalCopyIn(runFolder),
];

/** Whether nothing says any more what a drill changed that died. */
export const isJournalGone = (platform: string, run: Pick<Owner, 'runId' | 'runFolder'>): boolean =>
  !journalsOf(platform, run).some((path) => existsSync(path));

/** What to do then. */
export const journalGoneHint = (platform: string): string =>
  `check the platform and repair it by hand if needed, then: npm run tenfold -- unlock ${platform} --reason "..."`;

const journalIsGone = (platform: string, runId: string, paths: string[]) =>
  new TenfoldError(
    `the drill ${runId} died while using this platform, and its journal is gone (${paths.join(', ')}): what it changed is unknown`,
    {
      exitCode: exitCodes.dirty,
      hint: journalGoneHint(platform),
    },
  );

/** A platform's journals of processes that have died, the latest first. One that waits for the lock has begun its own already. */
export async function deadJournals(
  platform: string,
): Promise<{ path: string; name: string; owner: Owner | undefined }[]> {
  const folder = journalFolderOf(platform);
  const names = (await readdir(folder).catch(() => [])).toSorted().reverse();
  const journals = names.map(async (name) => {
    const path = join(folder, name);
    return { path, name, owner: await ownerOf(path) };
  });
  return (await Promise.all(journals)).filter(({ owner }) => owner === undefined || !livesHere(owner));
}

/**
 * Undoes what drills left on a platform whose lock is ours: all journals there of processes that have died.
 * @returns the runs of which something was undone.
 * @throws TenfoldError (dirty) when something cannot be undone.
 */
export async function undoLeftovers(platform: string, undoers: Undoers): Promise<string[]> {
  const undone: string[] = [];
  const failures: string[] = [];
  for (const { path, name, owner } of await deadJournals(platform)) {
    const pending = await pendingUndos(path);
    const copy = owner && journalCopyIn(owner.runFolder);
    const left = await undoPending(path, undoers, copy === undefined ? {} : { copy });
    failures.push(...left);
    if (pending.length > 0) undone.push(owner?.runId ?? name);
    if (left.length === 0) await rm(path, { force: true });
  }
  const error = dirtyError(failures);
  if (error) throw error;
  return undone;
}

/**
 * Takes a platform's lock, and undoes all that drills left there which have died.
 * @returns the runs of which something was undone.
 * @throws TenfoldError: invalid while a drill uses the platform, dirty when something cannot be undone.
 */
export async function cleanUp(platform: string, undoers: Undoers, runId: string): Promise<string[]> {
  const undone: string[] = [];
  const owner = { platform, runId, runFolder: '', pid: process.pid, host: hostname() };
  await using _journal = new Journal(journalPathOf(platform, runId), owner);
  await using _lock = await takeLock(lockPathOf(platform), { runId, runFolder: '' }, async (former) => {
    if ((await undoOf(platform, former, undoers)) > 0) undone.push(former.runId);
  });
  return [...undone, ...(await undoLeftovers(platform, undoers))];
}

/**
 * The same on all other platforms where a drill that has died changed what has these details: one place may have several names.
 * @returns the runs of which something was undone.
 * @throws as `cleanUp`.
 */
export async function cleanUpOthers(
  details: Readonly<Record<string, string>>,
  undoers: Undoers,
  { platform: own, runId }: Pick<Owner, 'platform' | 'runId'>,
): Promise<string[]> {
  const undone: string[] = [];
  for (const platform of await knownPlatforms())
    if (platform !== own && (await isLeftOn(platform, details)))
      undone.push(...(await cleanUp(platform, undoers, runId)));
  return undone;
}

/** Whether something is pending of a drill that changed what has these details, if also by another change, which may be undone by now. */
async function isLeftOn(platform: string, details: Readonly<Record<string, string>>): Promise<boolean> {
  const journals = await Promise.all((await deadJournals(platform)).map(({ path }) => changesIn(path)));
  const fits = ({ undo }: { undo: Undo }) => Object.entries(details).every(([name, value]) => undo[name] === value);
  return journals.some((changes) => changes.some(fits) && changes.some(({ isUndone }) => !isUndone));
}
