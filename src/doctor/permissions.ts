import { join } from 'node:path';
import { rootFolder } from '../runtime/processes.ts';
import { troubleWriting } from '../runtime/trouble-writing.ts';
import type { Answer, Check } from './check.ts';
import { type Place, placesOf } from './places.ts';

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
  if (trouble === undefined) return { outcome: 'ok', message: `${what}: ${folder} is writable` };
  return {
    outcome: 'problem',
    message: `${what}: ${folder} is not writable: ${trouble}`,
    remedy: `make it writable, or choose another with ${wayOut}`,
  };
}

/** Where pods keep what they compiled: infra-under-test/region/paths.ts. */
async function compileCache(): Promise<Answer[]> {
  const folder = join(rootFolder, 'node_modules', '.cache', 'tenfold');
  const trouble = await troubleWriting(folder);
  if (trouble === undefined) return [];
  return [
    {
      outcome: 'warning',
      message: `${folder} is not writable (${trouble}): every pod compiles its code again, which doubles the CPU time of its start`,
      remedy: 'make it writable for the user that runs drills',
    },
  ];
}
