import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RegionError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

/** A name and an empty folder for a new region. Throws RegionError, exit code 4, when the wanted folder is unusable. */
export async function choosePlace(wanted: string | undefined): Promise<{ id: string; dir: string }> {
  const dir = wanted === undefined ? await temporaryFolder() : await emptyFolder(resolve(wanted));
  // PostgreSQL's user must be able to traverse it, but not to list it.
  await chmod(dir, 0o711);
  return { id: randomBytes(6).toString('hex'), dir };
}

async function temporaryFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'tenfold-region-')).catch((cause: Error) => {
    const remedy = 'Set TMPDIR to a folder that can be written, or unset it.';
    throw new RegionError(`The region has no place for its data: ${cause.message}. ${remedy}`, 4, { cause });
  });
}

async function emptyFolder(dir: string): Promise<string> {
  let content: string[];
  try {
    await makeFolder(dir);
    content = await readdir(dir);
  } catch (cause) {
    throw new RegionError(`--dir ${dir} cannot be used: ${(cause as Error).message}`, 4, { cause });
  }
  if (content.length === 0) return dir;
  throw new RegionError(`--dir ${dir} is not empty, and the region removes its folder at the end. Name a new one.`, 4);
}
