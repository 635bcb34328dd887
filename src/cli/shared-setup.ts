import { invalid } from '../model/errors.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { takeLock } from '../safety/lock.ts';
import { lockPathOf } from '../safety/state.ts';
import type { SharedSetup } from '../suite/take-turns.ts';
import { platformNameOf, sharedPlatform, trafficScript, undoers } from './wire.ts';

/** What all runs in a row share. */
export const sharedSetup = (target: Target, profile: Profile, signal: AbortSignal): SharedSetup => ({
  target,
  undoers,
  script: trafficScript(profile),
  platform: platformNameOf(target.name),
  signal,
});

/**
 * Several runs in a row, one row at a time, and each on a platform of its own.
 * @throws TenfoldError (invalid) when another row is on its way, or a platform is up that all would share.
 */
export async function takeSuiteLock(target: Target, id: string): Promise<AsyncDisposable> {
  const shared = await sharedPlatform(target.name);
  if (shared) throw invalid(shared, 'npm run platform -- down');
  return await takeLock(lockPathOf(`${platformNameOf(target.name)}-row`), { runId: id, runFolder: '' }, async () => {});
}
