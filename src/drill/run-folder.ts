import { access, constants, mkdir, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../model/errors.ts';
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
 * Says at once whether reports can be written, before anything is started.
 * @throws TenfoldError (invalid) when the folder is read-only or its disk too full.
 */
export async function checkReportsFolder(reports: string): Promise<void> {
  const probe = join(reports, `.write-check-${process.pid}`);
  try {
    await mkdir(reports, { recursive: true });
    await access(reports, constants.W_OK);
    await writeFile(probe, 'x');
  } catch (error) {
    throw invalid(
      `reports cannot be written to ${reports}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
      'make it writable, free some space, or choose another with --reports FOLDER',
    );
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
  const { bavail, bsize } = await statfs(reports);
  if (bavail * bsize < evidenceBytes) {
    throw invalid(
      `only ${Math.round((bavail * bsize) / 2 ** 20)} MB are free for ${reports}, a run's evidence needs ${evidenceBytes / 2 ** 20} MB`,
      'free some space, or choose another folder with --reports FOLDER',
    );
  }
}

/** Makes `<reports>/<drill>/<runId>/`, and points `<drill>/latest` at it. */
export async function makeRunFolder(reports: string, drill: string, runId: string): Promise<RunFolder> {
  const folder = runFolderAt(join(reports, drill, runId));
  await mkdir(folder.evidence, { recursive: true });
  await pointLatestAt(join(reports, drill), runId);
  return folder;
}

/** Makes `latest` in a folder lead to the newest of what it holds. */
export async function pointLatestAt(folder: string, id: string): Promise<void> {
  const latest = join(folder, 'latest');
  await rm(latest, { force: true, recursive: true });
  await symlink(id, latest);
}
