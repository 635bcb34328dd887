import { join } from 'node:path';
import { checkReportsFolder, pointLatestAt } from '../drill/run-folder.ts';
import { makeFolder } from '../runtime/files.ts';

/** Several runs in a row are kept below `<reports>/<kind>/<id>/`; `<kind>/latest` points at the newest. */
export type SuiteKind = 'all' | 'prove' | 'review';

/**
 * Makes the folder of several runs in a row, or comes back to it.
 * @throws TenfoldError (invalid) when the folder is read-only or its disk too full.
 */
export async function makeSuiteFolder(reports: string, kind: SuiteKind, id: string): Promise<string> {
  const folder = await makeDraft(reports, kind, id);
  await pointLatestAt(join(reports, kind), id);
  return folder;
}

/** The same of what is newest only once it is whole. */
export async function makeDraft(reports: string, kind: SuiteKind, id: string): Promise<string> {
  await checkReportsFolder(reports);
  const folder = join(reports, kind, id);
  await makeFolder(folder);
  return folder;
}
