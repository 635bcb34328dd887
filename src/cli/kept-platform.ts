/** The platform that a person keeps up on a cluster: one a checkout, remembered in the checkout. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { invalid } from '../model/errors.ts';
import { makeFolder, readJson, writeJson } from '../runtime/files.ts';
import { rootFolder } from '../runtime/processes.ts';

const folder = join(rootFolder, '.tenfold', 'kubernetes');
const file = join(folder, 'platform.json');

const undoSchema = z.object({ kind: z.string() }).catchall(z.union([z.string(), z.number(), z.boolean()]));
const keptSchema = z.object({
  url: z.url(),
  context: z.string(),
  without: z.array(z.string()),
  /** What takes it down, in this order. */
  undos: z.array(undoSchema),
});
export type KeptPlatform = z.infer<typeof keptSchema>;

/** @throws TenfoldError (invalid) when what is remembered cannot be read */
export async function keptPlatform(): Promise<KeptPlatform | undefined> {
  const found = await readJson(file);
  if (found === undefined) return undefined;
  const kept = keptSchema.safeParse(found);
  if (kept.success) return kept.data;
  throw invalid(`${file} is from another version`, 'delete the namespace that it names, then the file');
}

export async function rememberPlatform(platform: KeptPlatform): Promise<void> {
  await makeFolder(folder);
  await writeJson(file, platform);
}

export const forgetPlatform = (): Promise<void> => rm(file, { force: true });
