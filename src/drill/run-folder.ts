import { lstat, readdir, rename, rm, statfs, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../model/errors.ts';
import { makeFolder } from '../runtime/files.ts';
import { isAlive } from '../runtime/processes.ts';
import { troubleWriting } from '../runtime/trouble-writing.ts';
import { journalCopyIn } from '../safety/state.ts';

export interface RunFolder {
  path: string;
  evidence: string;
  journal: string;
}

/** What k6 and the sentinel were told. */
export const runFiles = { load: 'load.json', sentinel: 'sentinel.json' } as const;

/** Evidence of a minute of load is about 60 MB before it is compressed. */
export const evidenceBytes = 500 * 1024 * 1024;

/** Where a run's files are. */
export const runFolderAt = (path: string): RunFolder => ({
  path,
  evidence: join(path, 'evidence'),
  journal: journalCopyIn(path),
});

/**
 * Checks that reports can be written, before anything is started.
 * @throws TenfoldError (invalid) when the folder is read-only or its disk too full.
 */
export async function checkReportsFolder(reports: string): Promise<void> {
  const trouble = await makeFolder(reports).then(
    () => troubleWriting(reports),
    ({ code, message }: NodeJS.ErrnoException) => code ?? message,
  );
  if (trouble !== undefined)
    throw invalid(
      `reports cannot be written to ${reports}: ${trouble}`,
      'make it writable, free some space, or choose another with --reports FOLDER',
    );
  const { bavail, bsize } = await statfs(reports);
  if (bavail * bsize < evidenceBytes) {
    throw invalid(
      `only ${Math.round((bavail * bsize) / 2 ** 20)} MB are free for ${reports}, a run's evidence needs ${evidenceBytes / 2 ** 20} MB`,
      'free some space, or choose another folder with --reports FOLDER',
    );
  }
}

/**
 * Makes `<reports>/<drill>/<runId>/`, and points `<drill>/latest` at it.
 * @param fill writes what is in it from the moment that anybody can see it.
 */
export async function makeRunFolder(
  reports: string,
  drill: string,
  runId: string,
  fill: (draft: RunFolder) => Promise<void>,
): Promise<RunFolder> {
  const folder = join(reports, drill);
  await removeDrafts(folder);
  const draft = runFolderAt(join(folder, `${draftPrefix}${process.pid}`));
  await makeFolder(draft.evidence);
  await fill(draft);
  await rename(draft.path, join(folder, runId));
  await pointLatestAt(folder, runId);
  return runFolderAt(join(folder, runId));
}

const draftPrefix = '.draft-';

/** Folders that a drill was filling when it was killed. */
async function removeDrafts(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(draftPrefix));
  const dead = names.filter((name) => !isAlive(Number(name.slice(draftPrefix.length))));
  for (const name of dead) await rm(join(folder, name), { recursive: true, force: true });
}

/** Points `latest` in a folder at the newest of what it holds. */
export async function pointLatestAt(folder: string, id: string): Promise<void> {
  const latest = join(folder, 'latest');
  const draft = join(folder, `.latest-${process.pid}`);
  await rm(draft, { force: true });
  await symlink(id, draft);
  // In one step; a folder in its place, which a copy by an archive may leave, would prevent that.
  if ((await lstat(latest).catch(() => undefined))?.isDirectory()) await rm(latest, { force: true, recursive: true });
  await rename(draft, latest);
}
