import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { capacityFile, capacitySchema } from '../model/capacity.ts';
import type { Identity } from '../model/review.ts';
import { isFile, readJson } from '../runtime/files.ts';
import { addDays } from './days.ts';
import { isOf } from './identity.ts';

/** The file of the newest run in steps that is of the same commit and platform, and fresh; null where there is none. */
export async function findCapacity({
  reports,
  target,
  identity,
  freshDays,
  now,
}: {
  reports: string;
  target: string;
  identity: Identity;
  freshDays: number;
  now: string;
}): Promise<string | null> {
  const folder = join(reports, 'capacity');
  const ids = (await readdir(folder).catch(() => [])).filter((id) => id !== 'latest').sort();
  for (const id of ids.reverse()) {
    const path = join(folder, id, capacityFile);
    if (!isFile(path)) continue;
    const { success, data } = capacitySchema.safeParse(await readJson(path));
    if (!success || data.target !== target || !isOf(data.environment, identity)) continue;
    if (data.status === 'completed' && addDays(data.startedAt, freshDays) > now) return path;
  }
  return null;
}
