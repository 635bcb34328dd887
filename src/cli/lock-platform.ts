import { undoLeftovers, undoOf } from '../safety/clean-up.ts';
import { type Lock, takeLock } from '../safety/lock.ts';
import { lockPathOf } from '../safety/state.ts';
import { sayLeft } from './say-left.ts';
import { undoers } from './wire.ts';

/** Keeps drills from a platform, and undoes what dead ones left there. */
export async function lockPlatform(platform: string, runId: string): Promise<Lock> {
  const lock = await takeLock(lockPathOf(platform), { runId, runFolder: '' }, async (former) => {
    await undoOf(platform, former, undoers(sayLeft));
  });
  await undoLeftovers(platform, undoers(sayLeft));
  return lock;
}
