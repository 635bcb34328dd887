import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RegionError } from '../errors.ts';

/** A name and an empty folder for a new region. Throws RegionError, exit code 4, when the wanted folder will not do. */
export async function choosePlace(wanted: string | undefined): Promise<{ id: string; dir: string }> {
  const dir =
    wanted === undefined ? await mkdtemp(join(tmpdir(), 'tenfold-region-')) : await emptyFolder(resolve(wanted));
  // PostgreSQL's user has to pass through; it cannot list.
  await chmod(dir, 0o711);
  return { id: randomBytes(6).toString('hex'), dir };
}

async function emptyFolder(dir: string): Promise<string> {
  let content: string[];
  try {
    await mkdir(dir, { recursive: true });
    content = await readdir(dir);
  } catch (cause) {
    throw new RegionError(`--dir ${dir} cannot be used: ${(cause as Error).message}`, 4, { cause });
  }
  if (content.length === 0) return dir;
  throw new RegionError(`--dir ${dir} is not empty, and the region removes its folder at the end. Name a new one.`, 4);
}
