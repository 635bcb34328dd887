/** A disk of its own for a place, which can suddenly be full. Requires root, on Linux. */
import { chmod, mkdir, statfs } from 'node:fs/promises';
import { run } from '../../src/runtime/processes.ts';
import type { Place } from '../../tests/leftovers.ts';

export interface SmallDisk extends AsyncDisposable {
  /** Leaves no room for anything more. Returns how to make room again. */
  fill(): Promise<() => Promise<void>>;
}

/** A drill is refused where less than 500 MB are free. */
const roomBytes = 700 * 2 ** 20;

/** Puts all of a place on a disk in memory; undefined where that is not allowed. */
export async function ontoSmallDisk({ mark, temp }: Place): Promise<SmallDisk | undefined> {
  const { ok } = await run('mount', ['-t', 'tmpfs', '-o', `size=${roomBytes},mode=755`, 'tmpfs', mark]);
  if (!ok) return undefined;
  await mkdir(temp);
  await chmod(temp, 0o755);
  const resize = async (bytes: number) => (await run('mount', ['-o', `remount,size=${bytes}`, mark])).ok;
  return {
    async fill() {
      // More may be written while it is shrunk to what it holds.
      for (let spareBytes = 0; ; spareBytes += 2 ** 16) {
        const { blocks, bfree, bsize } = await statfs(mark);
        if (await resize((blocks - bfree) * bsize + spareBytes)) break;
        if (spareBytes > 2 ** 26) throw new Error(`the disk at ${mark} cannot be filled`);
      }
      return async () => void (await resize(roomBytes));
    },
    // A process with a file open there keeps it, unseen, until it ends.
    [Symbol.asyncDispose]: async () => void (await run('umount', ['--lazy', mark])),
  };
}
