import { setTimeout as delay } from 'node:timers/promises';
import { cannotTell } from '../model/errors.ts';

/** Wall-clock time in epoch milliseconds with sub-millisecond digits; it never steps back within a process. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Epoch milliseconds as the operating system's clock tells them, steps included. */
export const systemClockMs = (): number => Date.now();

/** Resolves after a time, or rejects with the signal's reason. */
export async function sleepMs(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(Math.max(0, ms), undefined, signal ? { signal } : undefined).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}

/**
 * Asks until there is an answer other than undefined. Every wait has a deadline and reports its last failure as cause.
 * @param ask throws or gives undefined while there is none yet.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  options: { timeoutMs: number; intervalMs: number; signal?: AbortSignal },
): Promise<T> {
  const deadlineMs = nowMs() + options.timeoutMs;
  let last: unknown;
  do {
    options.signal?.throwIfAborted();
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await sleepMs(options.intervalMs, options.signal);
  } while (nowMs() < deadlineMs);
  const seconds = options.timeoutMs / 1000;
  throw cannotTell(`waited ${seconds} s for ${what}${last instanceof Error ? `: ${last.message}` : ''}`, {
    cause: last,
  });
}
