import { setTimeout as delay } from 'node:timers/promises';
import { cannotTell } from '../model/errors.ts';

/** Wall-clock time in epoch milliseconds with sub-millisecond digits; it never steps back within a process. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Epoch milliseconds by the operating system's clock, steps included. */
export const systemClockMs = (): number => Date.now();

/** Resolves after a time, or rejects with the signal's reason. */
export async function sleepMs(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(Math.max(0, ms), undefined, signal ? { signal } : undefined).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}

export interface Limit<T> {
  timeoutMs: number;
  /** Ends the work too. */
  signal?: AbortSignal;
  /** How long work that was told to end may take to end cleanly. */
  graceMs?: number;
  /** Takes back the result of work that nobody was waiting for any more. */
  late?: (result: T) => unknown;
}

/**
 * Does something under a deadline. Past it, or when the signal aborts, the work is told to end, or else is left behind.
 * @param what is named when it takes too long.
 * @throws what the work throws; if it does not end within its grace, the signal's reason, or `cannotTell` past the deadline.
 */
export async function within<T>(
  what: string,
  { timeoutMs, signal, graceMs = 5_000, late }: Limit<T>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(cannotTell(`${what} took longer than ${timeoutMs / 1000} s`)), timeoutMs);
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const working = work(either);
  const patience = new AbortController();
  let isLeft = false;
  const leaving = rejectsOn(either).catch(async (reason: unknown) => {
    await sleepMs(graceMs, patience.signal);
    isLeft = true;
    throw reason;
  });
  leaving.catch(() => {});
  try {
    return await Promise.race([working, leaving]);
  } finally {
    clearTimeout(timer);
    patience.abort();
    // What cannot be taken back stays in the journal.
    if (isLeft) working.then(late).catch(() => {});
  }
}

/** Rejects with a signal's reason once it aborts; otherwise never settles. */
export const rejectsOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/**
 * Asks until there is an answer other than undefined. Every wait has a deadline and reports its last failure as cause.
 * @param ask throws or returns undefined while there is none yet.
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
