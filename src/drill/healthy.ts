import { TenfoldError } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import type { Platform } from '../model/platform.ts';
import { untilHealthy } from '../platform/healthy.ts';

/** A node boots in seconds on the pocket region; a database instance may have to be copied anew. */
const timeoutMs = 90_000;

/**
 * A platform that outlives a drill must be healthy before and after it, or no drill could trust it.
 * @throws TenfoldError (dirty) with what is still missing.
 */
export async function healthyOrDirty(platform: Platform, signal: AbortSignal): Promise<void> {
  try {
    await untilHealthy(platform, { timeoutMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new TenfoldError(`the platform is not healthy: ${(error as Error).message}`, {
      exitCode: exitCodes.dirty,
      hint: 'npm run platform -- status shows what is missing; npm run platform -- down ends it',
      cause: error,
    });
  }
}
