import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { invalid } from '../model/errors.ts';
import { isFile } from '../runtime/files.ts';

/** The folder of a run that was named; of the newest one where none was. @throws TenfoldError (invalid) when there is none */
export const runFolderOf = async (run: string | undefined, reports: string): Promise<string> =>
  run === undefined ? await newestRun(resolve(reports)) : resolve(run);

/** Ids of runs sort by time. */
async function newestRun(reports: string): Promise<string> {
  const drills = await readdir(reports, { withFileTypes: true }).catch(() => []);
  const runs: string[] = [];
  for (const { name } of drills.filter((entry) => entry.isDirectory())) {
    const ids = await readdir(join(reports, name));
    runs.push(...ids.map((id) => join(reports, name, id)).filter((path) => isFile(join(path, 'plan.json'))));
  }
  const newest = runs
    .filter((path) => basename(path) !== 'latest')
    .sort((a, b) => (basename(a) < basename(b) ? 1 : -1))[0];
  if (newest !== undefined) return newest;
  throw invalid(
    `there is no run in ${reports}`,
    'name the folder of a run, or say where runs are with --reports FOLDER',
  );
}
