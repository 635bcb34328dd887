import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Like `mkdir -p`. Node's own never returns on a file system that answers every mkdir with ENOENT, as /proc does. */
export async function makeFolder(path: string): Promise<void> {
  let error = await made(path);
  if (error?.code === 'ENOENT' && dirname(path) !== path) {
    await makeFolder(dirname(path));
    error = await made(path);
  }
  if (error !== undefined && !(await isFolder(path))) throw error;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const made = (path: string): Promise<NodeJS.ErrnoException | undefined> =>
  mkdir(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );
