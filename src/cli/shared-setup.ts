import { invalid } from '../model/errors.ts';
import { takeLock } from '../safety/lock.ts';
import { type Patience, whenFree } from '../safety/when-free.ts';
import type { SharedSetup } from '../suite/take-turns.ts';
import type { Testbed } from './testbed.ts';
import { rowLockOf } from './wait-for-platform.ts';
import { sharedPlatform, undoers } from './wire.ts';

/** What all runs in a row share. */
export const sharedSetup = (
  { target, script, platform, guarded, sharedLockEnv }: Testbed,
  { signal, untilMs }: { signal: AbortSignal; untilMs?: number | undefined },
): SharedSetup => ({
  target,
  undoers,
  script,
  platform,
  waitUntilMs: untilMs,
  signal,
  ...(guarded && { cwd: guarded.cwd, secrets: guarded.secrets }),
  sharedLockEnv,
});

/**
 * Several runs in a row, one row at a time, and each on a platform of its own.
 * @throws TenfoldError: InUse when another row is on its way, invalid when a platform is up that all would share.
 */
export async function takeSuiteLock(
  { target, platform }: Testbed,
  id: string,
  patience: Patience,
): Promise<AsyncDisposable> {
  const shared = await sharedPlatform(target.name);
  if (shared) throw invalid(shared, 'npm run platform -- down');
  const owner = { runId: id, runFolder: '' };
  return await whenFree(() => takeLock(rowLockOf(platform), owner, async () => {}), patience);
}
