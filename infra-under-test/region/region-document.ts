import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** region.json: how to reach a region that is ready. It holds secrets. */
export interface RegionDocument {
  id: string;
  /** Of the supervisor; SIGTERM ends the region. */
  pid: number;
  dir: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  edge: { url: string; adminUrl: string };
  control: { url: string };
  aws: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
  dns: { host: string; port: number };
  /** The user may read everything and change nothing. The names are SRV records of the DNS server above. */
  database: { clusterId: string; name: string; user: string; password: string; writerName: string; readerName: string };
  tenants: string[];
  /** All pods that autoscaling may add run from the start. */
  scaledOut: boolean;
  /** Protections that are switched off. */
  without: string[];
  versions: Record<string, string>;
  scale: string;
  /** What differs from production, one sentence each. */
  fidelity: string[];
}

export const documentIn = (folder: string): string => join(folder, 'region.json');

/** Writes JSON that only we can read, whole or not at all. */
export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  const draft = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** The JSON in a file; null when there is no such file or it holds none. */
export async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
