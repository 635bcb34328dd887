import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../runtime/processes.ts';
import type { Answer, Check } from './check.ts';
import { type Place, placesOf, standingPart } from './places.ts';

/** Whether drills can write where they have to. */
export const permissions: Check = {
  id: 'permissions',
  title: 'Folders',
  async run(context) {
    const places = await placesOf(context);
    const answers = await Promise.all(places.map(judged));
    return [...answers, ...(context.standsUp ? await compileCache() : [])];
  },
};

async function judged({ what, folder, wayOut }: Place): Promise<Answer> {
  const trouble = await troubleWriting(folder);
  if (trouble === undefined) return { outcome: 'ok', message: `${what}: ${folder} can be written` };
  return {
    outcome: 'problem',
    message: `${what}: ${folder} cannot be written: ${trouble}`,
    remedy: `make it writable, or choose another by ${wayOut}`,
  };
}

/** What keeps files from being written to a folder, or from the folder being made; leaves nothing. */
export async function troubleWriting(folder: string): Promise<string | undefined> {
  const file = join(await standingPart(folder), `.tenfold-doctor-${randomUUID()}`);
  try {
    await writeFile(file, 'x', { flag: 'wx' });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** Where pods keep what they compiled: infra-under-test/region/paths.ts. */
async function compileCache(): Promise<Answer[]> {
  const folder = join(rootFolder, 'node_modules', '.cache', 'tenfold');
  const trouble = await troubleWriting(folder);
  if (trouble === undefined) return [];
  return [
    {
      outcome: 'warning',
      message: `${folder} cannot be written (${trouble}): every pod compiles its code anew, with twice the CPU time for its start`,
      remedy: 'make it writable for the user that runs drills',
    },
  ];
}
