import { nowMs } from '../../src/runtime/clock.ts';
import type { WayContext } from './way.ts';

/** When the platform was healthy again; null when it was not in time. After an interruption nobody waits for that. */
export async function healthyAtMs(
  { untilHealthy, signal }: Pick<WayContext<never>, 'untilHealthy' | 'signal'>,
  timeoutMs: number,
): Promise<number | null> {
  if (signal.aborted) return nowMs();
  return await untilHealthy({ timeoutMs }).then(nowMs, () => null);
}
