import { join } from 'node:path';
import { judgeStored } from '../../src/drill/judge-run.ts';
import { readStoredRun, type StoredRun } from '../../src/export/stored-run.ts';
import { rootFolder } from '../../src/runtime/processes.ts';

/** A recorded run, read for an export. */
export async function storedFixture(name: string): Promise<StoredRun> {
  const folder = join(rootFolder, 'fixtures', 'runs', name);
  return await readStoredRun(folder, name, await judgeStored(folder));
}
