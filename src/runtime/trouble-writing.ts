import { randomUUID } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What keeps files from being written to a folder, or the folder from being made; leaves nothing behind. */
export async function troubleWriting(folder: string): Promise<string | undefined> {
  const file = join(await standingPart(folder), `.tenfold-check-${randomUUID()}`);
  try {
    await writeFile(file, 'x', { flag: 'wx' });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** The folder itself, or the nearest one above it that exists, in which a drill would make it. */
export async function standingPart(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
  return isThere || dirname(folder) === folder ? folder : await standingPart(dirname(folder));
}
