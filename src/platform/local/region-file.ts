import { join } from 'node:path';
import { z } from 'zod';
import { invalid } from '../../model/errors.ts';
import { readJson } from '../../runtime/files.ts';
import { isAlive, programAt, rootFolder } from '../../runtime/processes.ts';

/** What a pocket region says of itself in its region.json. Only what tenfold uses is checked. */
export const regionSchema = z.object({
  id: z.string(),
  pid: z.number().int(),
  dir: z.string(),
  edge: z.object({ url: z.url() }),
  control: z.object({ url: z.url() }),
  aws: z.object({ endpoint: z.url(), region: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() }),
  dns: z.object({ host: z.string(), port: z.number().int() }),
  database: z.object({
    clusterId: z.string(),
    name: z.string(),
    user: z.string(),
    password: z.string(),
    writerName: z.string(),
  }),
  tenants: z.array(z.string()).min(1),
  scaledOut: z.boolean(),
  without: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  scale: z.string(),
  fidelity: z.array(z.string()),
});
export type Region = z.infer<typeof regionSchema>;

/** The program that is the pocket region; it is run, never imported. */
export const regionProgram = programAt('infra-under-test', 'region', 'main');

/** The region that a person keeps up with `npm run platform -- up`, if there is one that lives. */
export async function keptRegion(): Promise<Region | undefined> {
  const found = await readJson(join(rootFolder, '.tenfold', 'platform', 'region.json'));
  if (found === undefined) return undefined;
  const region = regionSchema.safeParse(found);
  if (!region.success)
    throw invalid('the pocket region that is up is from another version', 'npm run platform -- down');
  return isAlive(region.data.pid) ? region.data : undefined;
}
