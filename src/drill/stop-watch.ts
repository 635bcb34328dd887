import type { LiveCall } from '../load/live-calls.ts';
import type { Plan } from '../model/plan.ts';
import { pathsTaken, shareOf } from '../model/profile.ts';
import {
  conditionText,
  isLive,
  isMet,
  type LiveCondition,
  type ReadCondition,
  type StopCondition,
  unreadableMs,
  windowMs,
} from '../model/stop.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { burnedRatio } from '../verdict/judge-error-budget.ts';

const lookEveryMs = 1_000;
/** How long after its end a call is known: k6 writes twice a second, and is read as often. */
const lagMs = 1_000;
/** Fewer calls than this make no meaningful share. */
const fewestCalls = 20;

export interface StopWatch extends Disposable {
  /** Calls that have ended. */
  take(calls: readonly LiveCall[]): void;
  /** From here on orders come at the peak's rate. */
  peakBegan(atMs: number): void;
}

/**
 * Checks every second whether a condition of the plan is met, and reports the first that is, once.
 * @param read reads a user's own number; rejects when it cannot.
 */
export function watchStops(
  plan: Plan,
  read: (condition: ReadCondition, signal: AbortSignal) => Promise<number>,
  onMet: (because: string) => void,
): StopWatch {
  const over = new AbortController();
  const live = new LiveShares(plan);
  const met = (condition: StopCondition, said: string) => {
    if (over.signal.aborted) return;
    over.abort();
    onMet(`${conditionText(condition)}: ${said}`);
  };
  const conditions = plan.stopWhen ?? [];
  const lives = conditions.filter(isLive);
  const timer = setInterval(() => {
    for (const condition of lives) {
      const value = live.valueOf(condition, nowMs());
      if (value !== null && isMet(condition, value)) met(condition, `it is ${percent(value)}`);
    }
  }, lookEveryMs).unref();
  for (const condition of conditions) if (!isLive(condition)) void readAgainAndAgain(condition, read, met, over.signal);
  return {
    take: (calls) => {
      // What nobody asks about would only pile up.
      if (lives.length > 0) live.take(calls);
    },
    peakBegan: (atMs) => live.peakBegan(atMs),
    [Symbol.dispose]() {
      clearInterval(timer);
      over.abort();
    },
  };
}

async function readAgainAndAgain(
  condition: ReadCondition,
  read: (condition: ReadCondition, signal: AbortSignal) => Promise<number>,
  met: (condition: StopCondition, said: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let readAtMs = nowMs();
  while (!signal.aborted) {
    const startMs = nowMs();
    try {
      const value = await read(condition, signal);
      readAtMs = nowMs();
      if (isMet(condition, value)) met(condition, `it is ${value}`);
    } catch (error) {
      if (nowMs() - readAtMs >= unreadableMs) met(condition, `it cannot be read (${(error as Error).message})`);
    }
    await sleepMs(lookEveryMs - (nowMs() - startMs), signal).catch(() => {});
  }
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** The measures that conditions on calls use, from the calls that have ended. */
export class LiveShares {
  readonly #plan: Plan;
  #recent: { endMs: number; failed: boolean; isOrder: boolean }[] = [];
  readonly #bad = { api: 0, checkout: 0 };
  #peakStartMs: number | null = null;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  take(calls: readonly LiveCall[]): void {
    for (const { startMs, wallMs, failed, path } of calls) {
      const limitMs =
        this.#plan.objectives.latency.find((one) => one.path === path)?.limitMs ?? Number.POSITIVE_INFINITY;
      if (failed || wallMs > limitMs) this.#bad[path] += 1;
      this.#recent.push({ endMs: startMs + wallMs, failed, isOrder: path === 'checkout' });
    }
  }

  peakBegan(atMs: number): void {
    this.#peakStartMs ??= atMs;
  }

  /** Null while it is unknown. */
  valueOf({ measure }: LiveCondition, atMs: number): number | null {
    this.#recent = this.#recent.filter(({ endMs }) => endMs > atMs - windowMs - lagMs);
    if (measure === 'burn')
      return Math.max(
        ...pathsTaken(this.#plan.checkoutShare).map((path) => burnedRatio(this.#plan, path, this.#bad[path])),
      );
    if (measure === 'orders') return this.#ordersRatio(atMs);
    if (this.#recent.length < fewestCalls) return null;
    return this.#recent.filter(({ failed }) => failed).length / this.#recent.length;
  }

  /** Orders that were placed in the last seconds, as a share of those that the plan expects at its peak. */
  #ordersRatio(atMs: number): number | null {
    if (this.#peakStartMs === null || atMs - this.#peakStartMs < 2 * windowMs) return null;
    const { peakRatePerSecond, checkoutShare } = this.#plan;
    const expected = (windowMs / 1_000) * peakRatePerSecond * shareOf('checkout', checkoutShare);
    const placed = this.#recent.filter((one) => one.isOrder && !one.failed && one.endMs <= atMs - lagMs).length;
    return expected === 0 ? null : placed / expected;
  }
}
