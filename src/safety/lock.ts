import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { InUse, invalid } from '../model/errors.ts';
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
  /** When it was taken; left out by older versions. */
  sinceMs: z.number().optional(),
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
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw notWritable(path, error);
  });
  const sinceMs = systemClockMs();
  const holder = (): LockHolder => ({
    pid: process.pid,
    host: hostname(),
    ...owner,
    sinceMs,
    expiresAtMs: systemClockMs() + leaseMs,
  });
  const former = await seize(path, holder());
  /** A lease that ran out, as on a machine that slept, may have been taken over. */
  const isOurs = async () => {
    const { pid, host, runId } = (await holderOf(path)) ?? {};
    return pid === process.pid && host === hostname() && runId === owner.runId;
  };
  let renewing = Promise.resolve();
  const renew = () => {
    renewing = renewing.then(async () => void ((await isOurs()) && (await writeJson(path, holder())))).catch(() => {});
  };
  const timer = setInterval(renew, renewEveryMs).unref();
  /** A renewal on its way would bring the lock back after it was let go. */
  const stopRenewing = async () => {
    clearInterval(timer);
    await renewing;
  };
  let dirty = false;
  const lock = {
    leaveDirty() {
      dirty = true;
    },
    async [Symbol.asyncDispose]() {
      await stopRenewing();
      if (!(await isOurs())) return;
      if (dirty) await writeJson(path, { ...holder(), expiresAtMs: 0 });
      else await rm(path, { force: true });
    },
  };
  if (former) {
    try {
      await onStale(former);
    } catch (error) {
      // The former drill's leftovers are still there: its lock goes back, so that the next command tries again.
      await stopRenewing();
      await writeJson(path, former);
      throw error;
    }
  }
  return lock;
}

const notWritable = (path: string, error: Error) =>
  invalid(
    `the lock of this platform cannot be written: ${error.message}`,
    `nothing was started; make ${dirname(path)} a writable folder, or set XDG_STATE_HOME to one`,
  );

/** Creates the lock file, which only one process can; a dead holder's is taken over. Returns that holder. */
async function seize(path: string, holder: LockHolder): Promise<LockHolder | undefined> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await isCreated(path, holder)) return undefined;
    const found = await holderOf(path);
    if (found === undefined) continue;
    if (isHeld(found)) throw inUse(found);
    if (await isTakenOver(path, found, holder)) return found;
  }
  throw invalid(`other drills keep taking the lock ${path}`, 'wait for them to end');
}

/** Who holds a lock, in words. */
export const holderText = ({ runId, pid, host }: LockHolder): string => `drill ${runId} (process ${pid} on ${host})`;

const inUse = (holder: LockHolder) =>
  new InUse(
    'this platform',
    { holder: holderText(holder), sinceMs: holder.sinceMs },
    'wait for it to end, or stop it with Ctrl-C in its terminal',
  );

/** @throws TenfoldError (InUse) where somebody holds a lock now; takes nothing */
export async function refuseHeld(path: string): Promise<void> {
  const holder = await holderOf(path);
  if (holder && isHeld(holder)) throw inUse(holder);
}

/** Creates a file with its whole content in one step; false where it is there already. */
async function isCreated(path: string, holder: LockHolder): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify(holder)}\n`);
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notWritable(path, error as Error);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Who holds a lock; undefined where there is none. @throws TenfoldError (invalid) when it cannot be read. */
export async function holderOf(path: string): Promise<LockHolder | undefined> {
  const json = await readJson(path).catch(() => null);
  if (json === undefined) return undefined;
  const found = holderSchema.safeParse(json);
  if (found.success) return found.data;
  throw invalid(
    `the lock ${path} cannot be read`,
    'make sure that no drill runs on this platform, then remove the file',
  );
}

/**
 * Puts our name in the place of a dead holder's. Several may have seen it dead: one at a time takes over, which a second lock says,
 * and looks again before it does.
 */
async function isTakenOver(path: string, dead: LockHolder, holder: LockHolder): Promise<boolean> {
  const claim = `${path}.claim`;
  if (!(await isCreated(claim, holder))) {
    const other = await holderOf(claim);
    if (other !== undefined && isHeld(other)) throw inUse(other);
    // It died while it took over, which takes it a millisecond.
    await rm(claim, { force: true });
    return false;
  }
  try {
    const found = await holderOf(path);
    if (found === undefined || JSON.stringify(found) !== JSON.stringify(dead)) return false;
    await writeJson(path, holder);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

/** A holder on this machine is alive while its process is; one elsewhere while its lease runs. */
export function isHeld(holder: LockHolder): boolean {
  if (holder.expiresAtMs < systemClockMs()) return false;
  return holder.host !== hostname() || isAlive(holder.pid);
}
