import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { invalid } from '../model/errors.ts';

/**
 * The user's state folder (XDG_STATE_HOME, or ~/.local/state): locks and journals are there, so that cleaning a checkout, or
 * cloning it anew, takes no undo away.
 */
export const stateFolder = (): string =>
  join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'tenfold');

/** What keeps two drills from one platform. */
export const lockPathOf = (platform: string): string => join(stateFolder(), 'locks', `${platform}.json`);

/** The journals of drills on a platform, one a run; each is removed once all that is in it has been undone. */
export const journalFolderOf = (platform: string): string => join(stateFolder(), 'journals', platform);

export const journalPathOf = (platform: string, runId: string): string =>
  join(journalFolderOf(platform), `${runId}.ndjson`);

/** The copy of its journal in a run's folder. */
export const journalCopyIn = (runFolder: string): string => join(runFolder, 'journal.ndjson');

/** Platforms with a lock or a journal. */
export async function knownPlatforms(): Promise<string[]> {
  const names = async (folder: string) => await readdir(join(stateFolder(), folder)).catch(() => []);
  const locked = (await names('locks')).filter((name) => name.endsWith('.json'));
  const journals = await names('journals');
  const isEmpty = await Promise.all(journals.map(async (name) => (await names(join('journals', name))).length === 0));
  const journalled = journals.filter((_, index) => !isEmpty[index]);
  return [...new Set([...locked.map((name) => name.slice(0, -'.json'.length)), ...journalled])].sort();
}

/** What to say of a platform that is not among these. */
export const unknownPlatform = (platform: string) =>
  invalid(`no platform ${platform} is known`, 'npm run tenfold -- unlock lists those that are known');

/** Journals of changes that a person gave up on, and why: kept, and no longer undone. */
export const abandonedFolder = (): string => join(stateFolder(), 'abandoned');
