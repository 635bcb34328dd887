import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../runtime/files.ts';
import { isAlive } from '../runtime/processes.ts';
import type { Answer, Check } from './check.ts';
import { refused } from './refused.ts';

const ownerSchema = z.object({ pid: z.number().int() });

/** Pocket regions that are up, and folders of those that died. */
export const regions: Check = {
  id: 'regions',
  title: 'Regions',
  async run({ standsUp, keptUpAt }) {
    if (!standsUp) return [];
    const kept = await keptUpAt().then((url) => (url === undefined ? [] : [keptUp(url)]), refused);
    const dead = await deadIn(tmpdir());
    if (kept.length + dead.length > 0) return [...kept, ...dead];
    return [{ outcome: 'ok', message: 'none is up, and no dead one left anything behind' }];
  },
};

const keptUp = (url: string): Answer => ({
  outcome: 'warning',
  message: `a pocket region is up at ${url}: drills use it as it is, and several in a row are refused`,
  remedy: 'run npm run platform -- down, so each drill gets its own',
});

/** Folders of regions whose supervisor is gone; those of other users are theirs to see. */
export async function deadIn(folder: string): Promise<Answer[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('tenfold-region-'));
  const answers = names.map(async (name): Promise<Answer[]> => {
    const dir = join(folder, name);
    const owner = ownerSchema.safeParse(await readJson(join(dir, 'owner.json')).catch(() => undefined));
    if (!owner.success || isAlive(owner.data.pid)) return [];
    return [
      {
        outcome: 'warning',
        message: `a pocket region died (process ${owner.data.pid}) and left ${dir} behind, and perhaps some of its processes`,
        remedy: `npm run platform -- down --dir ${dir}`,
      },
    ];
  });
  return (await Promise.all(answers)).flat();
}
