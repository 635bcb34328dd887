import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { invalid } from '../model/errors.ts';
import { systemClockMs } from '../runtime/clock.ts';
import { readJson, writeJson } from '../runtime/files.ts';
import { isAlive } from '../runtime/processes.ts';

const leaseMs = 60_000;
const renewEveryMs = 15_000;

const holderSchema = z.strictObject({
  pid: z.number().int(),
  host: z.string(),
  runId: z.string(),
  runFolder: z.string(),
  /** Renewed while the owner lives, so that a lock of another machine, or a reused pid, ends by itself. */
  expiresAtMs: z.number(),
});
export type LockHolder = z.infer<typeof holderSchema>;

export interface Lock extends AsyncDisposable {
  /** What was changed could not be taken back: letting go leaves a dead holder's lock, whose leftovers the next command takes on. */
  leaveDirty(): void;
}

/**
 * Takes a platform's lock: one drill at a time.
 * @param onStale called with the former holder when it died without letting go, while the lock is already ours.
 * @throws TenfoldError (invalid) that names the holder when it lives.
 */
export async function takeLock(
  path: string,
  owner: { runId: string; runFolder: string },
  onStale: (former: LockHolder) => Promise<void>,
): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  const holder = (): LockHolder => ({
    pid: process.pid,
    host: hostname(),
    ...owner,
    expiresAtMs: systemClockMs() + leaseMs,
  });
  const former = await seize(path, holder());
  const timer = setInterval(() => void writeJson(path, holder()).catch(() => {}), renewEveryMs).unref();
  let dirty = false;
  const lock = {
    leaveDirty() {
      dirty = true;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (dirty) await writeJson(path, { ...holder(), expiresAtMs: 0 });
      else await rm(path, { force: true });
    },
  };
  if (former) {
    try {
      await onStale(former);
    } catch (error) {
      // The former drill's leftovers are still there: its lock goes back, so that the next command tries again.
      clearInterval(timer);
      await writeJson(path, former);
      throw error;
    }
  }
  return lock;
}

/** Creates the lock file, which only one process can; a dead holder's is taken over. Gives that holder. */
async function seize(path: string, holder: LockHolder): Promise<LockHolder | undefined> {
  let former: LockHolder | undefined;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await writeFile(path, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
      return former;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = holderSchema.safeParse(await readJson(path).catch(() => undefined));
    if (found.success && isHeld(found.data)) {
      throw invalid(
        `drill ${found.data.runId} (process ${found.data.pid} on ${found.data.host}) is using this platform`,
        'wait for it to end, or stop it with Ctrl-C in its terminal',
      );
    }
    if (found.success) former = found.data;
    await rm(path, { force: true });
  }
  throw new Error(`could not take the lock ${path}: other drills keep taking it`);
}

/** A holder on this machine is alive while its process is; one elsewhere while its lease runs. */
function isHeld(holder: LockHolder): boolean {
  if (holder.expiresAtMs < systemClockMs()) return false;
  return holder.host !== hostname() || isAlive(holder.pid);
}
