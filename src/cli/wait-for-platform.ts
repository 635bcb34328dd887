import { Stopped } from '../model/errors.ts';
import { nowMs } from '../runtime/clock.ts';
import { refuseHeld } from '../safety/lock.ts';
import { lockPathOf } from '../safety/state.ts';
import { whenFree } from '../safety/when-free.ts';

/** Until when a command waits for a platform that is in use, epoch ms; undefined: not at all. @param waitMs as it was asked for */
export const waitUntilMs = (waitMs: number | undefined): number | undefined =>
  waitMs === undefined ? undefined : nowMs() + waitMs;

/** The lock of several runs in a row on a platform. */
export const rowLockOf = (platform: string): string => lockPathOf(`${platform}-row`);

/**
 * Waits until no drill of this machine uses a platform, so that the host is measured while it is calm. Nothing is taken.
 * @throws Stopped when a person ends it
 */
export async function waitForPlatform(platform: string, untilMs: number | undefined): Promise<void> {
  if (untilMs === undefined) return;
  const stopping = new AbortController();
  const stop = (name: string) => stopping.abort(new Stopped('interrupted', `interrupted by ${name}`));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  const say = (message: string) => process.stderr.write(`${message}\n`);
  for (const path of [rowLockOf(platform), lockPathOf(platform)])
    await whenFree(() => refuseHeld(path), { untilMs, signal: stopping.signal, say });
  // After a Ctrl-C they stay: below npm it comes twice.
  for (const name of signals) process.off(name, stop);
}
