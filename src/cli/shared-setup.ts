import { invalid } from '../model/errors.ts';
import { takeLock } from '../safety/lock.ts';
import { lockPathOf } from '../safety/state.ts';
import type { SharedSetup } from '../suite/take-turns.ts';
import type { Testbed } from './testbed.ts';
import { sharedPlatform, undoers } from './wire.ts';

/** What all runs in a row share. */
export const sharedSetup = (
  { target, script, platform, guarded, sharedLockEnv }: Testbed,
  signal: AbortSignal,
): SharedSetup => ({
  target,
  undoers,
  script,
  platform,
  signal,
  ...(guarded && { cwd: guarded.cwd, secrets: guarded.secrets }),
  sharedLockEnv,
});

/**
 * Several runs in a row, one row at a time, and each on a platform of its own.
 * @throws TenfoldError (invalid) when another row is on its way, or a platform is up that all would share.
 */
export async function takeSuiteLock({ target, platform }: Testbed, id: string): Promise<AsyncDisposable> {
  const shared = await sharedPlatform(target.name);
  if (shared) throw invalid(shared, 'npm run platform -- down');
  return await takeLock(lockPathOf(`${platform}-row`), { runId: id, runFolder: '' }, async () => {});
}
