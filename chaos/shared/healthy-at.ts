import { nowMs, waitFor } from '../../src/runtime/clock.ts';
import type { WayContext } from './way.ts';

const askEveryMs = 1_000;

/**
 * When the platform was healthy again; null when it was not in time. After an interruption nobody waits for that.
 * @param mended what does not work again yet, in words, of what its nodes, pods and database do not show
 */
export async function healthyAtMs(
  { untilHealthy, signal }: Pick<WayContext<never>, 'untilHealthy' | 'signal'>,
  timeoutMs: number,
  mended: () => Promise<string | undefined> = async () => undefined,
): Promise<number | null> {
  if (signal.aborted) return nowMs();
  const works = async () => {
    const still = await mended();
    if (still !== undefined) throw new Error(still);
    return true;
  };
  const waiting = { timeoutMs, intervalMs: askEveryMs, signal };
  const both = Promise.all([untilHealthy({ timeoutMs }), waitFor('what was broken to work again', works, waiting)]);
  return await both.then(nowMs, () => null);
}
