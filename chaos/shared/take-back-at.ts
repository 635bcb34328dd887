import type { ActiveFault } from '../../src/model/fault.ts';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';

/**
 * Takes back a fault when its time has come or when the drill leaves it, whichever is first. What fails is tried again until then.
 * @param atMs epoch ms; undefined: when the drill leaves it
 * @param takeBack takes it back; returns when that was done. May be called twice
 * @returns the undo of the fault
 */
export function takeBackAt(atMs: number | undefined, takeBack: () => Promise<number | null>): ActiveFault['undo'] {
  if (atMs === undefined) return async () => ({ revertedAtMs: await takeBack() });
  const left = new AbortController();
  const inTime = sleepMs(atMs - nowMs(), left.signal)
    .then(() => tryUntil(left.signal, takeBack))
    .catch(() => undefined);
  return async () => {
    left.abort();
    // If the timed one failed, or its time had not come, take it back now.
    const revertedAtMs = await inTime;
    return { revertedAtMs: revertedAtMs === undefined ? await takeBack() : revertedAtMs };
  };
}

const againMs = 1_000;

async function tryUntil<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const done = await work().then(
      (result) => ({ result }),
      () => undefined,
    );
    if (done) return done.result;
    await sleepMs(againMs, signal);
  }
}
