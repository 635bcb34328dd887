import { LiveCallReader, type LiveCalls } from '../load/live-calls.ts';
import type { K6End, RunningK6 } from '../load/run-k6.ts';
import { cannotTell } from '../model/errors.ts';
import type { Emit } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { type Schedule, type ScheduleMark, scheduleOf } from '../plan/schedule.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';

const lookEveryMs = 500;
/** A call shows when it has ended and k6 has flushed it; so the last moments are not yet known. */
const settleMs = 1_500;
/** The peak is proven when this long a stretch of it held the planned rate. */
const proofMs = 5_000;
/** Share of the planned rate that counts as reached. */
export const reachedShare = 0.95;

export interface Generator {
  version: string;
  availableVus: number;
}

/** The load as it runs. Both promises reject when k6 ends before its time or the drill is aborted. */
export interface FollowedLoad {
  /** Resolves when the hold at peak ends and a fault is due: whether the peak was proven by then. */
  faultDue: Promise<{ peakProven: boolean; reason: string }>;
  /** Resolves when k6 has ended as planned. */
  ended: Promise<void>;
}

/** Follows k6's samples: emits the schedule's marks and a progress observation a second, and proves the peak. */
export function followLoad(
  k6: RunningK6,
  generator: Generator,
  csvPaths: string[],
  plan: Plan,
  emit: Emit,
  signal: AbortSignal,
): FollowedLoad {
  const due = Promise.withResolvers<{ peakProven: boolean; reason: string }>();
  const ended = follow(k6, generator, csvPaths, plan, emit, signal, due.resolve);
  // A load that ends early ends the wait for its peak too.
  void ended.then(() => due.reject(cannotTell('the load ended before the fault was due')), due.reject);
  due.promise.catch(() => {});
  ended.catch(() => {});
  return { faultDue: due.promise, ended };
}

async function follow(
  k6: RunningK6,
  generator: Generator,
  csvPaths: string[],
  plan: Plan,
  emit: Emit,
  signal: AbortSignal,
  faultIsDue: (peak: { peakProven: boolean; reason: string }) => void,
): Promise<void> {
  await using reader = await LiveCallReader.open(csvPaths);
  let end: K6End | undefined;
  void k6.ended.then((how) => {
    end = how;
  });
  const progress = new Progress(plan, emit);
  while (!end) {
    progress.take(await reader.read());
    if (progress.faultIsDue()) faultIsDue(progress.peak());
    await Promise.race([sleepMs(lookEveryMs, signal), k6.ended]);
  }
  progress.take(await reader.read());
  const { exitCode, lastLines } = end;
  progress.end();
  emit({ kind: 'load-finished', atMs: nowMs(), exitCode, ...generator });
  if (exitCode !== 0)
    throw cannotTell(`k6 ended with exit code ${exitCode}: ${lastLines.slice(-3).join(' | ') || 'it said nothing'}`);
}

/** What is known of the load so far. */
class Progress {
  readonly #plan: Plan;
  readonly #emit: Emit;
  readonly #startedPerSecond = new Map<number, number>();
  readonly #schedule: Schedule;
  #marksLeft: { mark: ScheduleMark; atMs: number }[] | undefined;
  #startMs = Number.NaN;
  #dropped = 0;
  #provenAtMs: number | null = null;
  #lastSaidMs = 0;
  #recent: LiveCalls['calls'] = [];

  constructor(plan: Plan, emit: Emit) {
    this.#plan = plan;
    this.#schedule = scheduleOf(plan.profile, plan.fault !== null);
    this.#emit = emit;
  }

  take(found: LiveCalls): void {
    if (found.scheduleStartMs === null) return;
    this.#marksLeft ??= this.#begin(found.scheduleStartMs);
    while (this.#marksLeft[0] && this.#marksLeft[0].atMs <= nowMs()) {
      this.#emit({ kind: 'mark', ...(this.#marksLeft.shift() as { mark: ScheduleMark; atMs: number }) });
    }
    this.#dropped += found.dropped;
    for (const call of found.calls) {
      const second = Math.floor((call.startMs - this.#startMs) / 1000);
      this.#startedPerSecond.set(second, (this.#startedPerSecond.get(second) ?? 0) + 1);
    }
    this.#recent.push(...found.calls);
    this.#provePeak();
    this.#sayProgress();
  }

  #begin(startMs: number) {
    this.#startMs = startMs;
    return this.#schedule.marks.map(({ mark, afterMs }) => ({ mark, atMs: startMs + afterMs }));
  }

  /** The schedule's end, or now for a load that was cut off. */
  end(): void {
    const atMs = Math.min(nowMs(), this.#startMs + this.#plan.loadDurationMs);
    if (!Number.isNaN(atMs)) this.#emit({ kind: 'mark', atMs, mark: 'load-end' });
  }

  #peakStartMs = (): number => this.#startMs + this.#plan.profile.baselineMs + this.#plan.profile.rampMs;

  faultIsDue = (): boolean => nowMs() >= this.#startMs + this.#schedule.faultDueAfterMs;

  peak(): { peakProven: boolean; reason: string } {
    const planned = this.#plan.peakRatePerSecond;
    const reached = Math.round(this.#rateOverLastMs(proofMs));
    const reason =
      this.#dropped > 0 ? `k6 dropped ${this.#dropped} iterations` : `${reached} of ${planned} requests/s were reached`;
    return { peakProven: this.#provenAtMs !== null, reason };
  }

  /** Requests started a second, over a stretch that is old enough to be known. */
  #rateOverLastMs(lengthMs: number): number {
    const last = Math.floor((nowMs() - settleMs - this.#startMs) / 1000) - 1;
    const seconds = lengthMs / 1000;
    let sum = 0;
    for (let second = last - seconds + 1; second <= last; second += 1) sum += this.#startedPerSecond.get(second) ?? 0;
    return sum / seconds;
  }

  #provePeak(): void {
    const known = nowMs() - settleMs - 1_000 >= this.#peakStartMs() + proofMs;
    if (this.#provenAtMs !== null || !known || this.#dropped > 0) return;
    if (this.#rateOverLastMs(proofMs) < this.#plan.peakRatePerSecond * reachedShare) return;
    this.#provenAtMs = nowMs();
    this.#emit({ kind: 'mark', atMs: this.#provenAtMs, mark: 'peak-proven' });
  }

  #sayProgress(): void {
    const atMs = nowMs();
    if (atMs - this.#lastSaidMs < 1_000) return;
    const seconds = this.#lastSaidMs === 0 ? 1 : (atMs - this.#lastSaidMs) / 1000;
    const walls = this.#recent.map((call) => call.wallMs).sort((a, b) => a - b);
    this.#emit({
      kind: 'load-progress',
      atMs,
      ratePerSecond: this.#recent.length / seconds,
      errorsPerSecond: this.#recent.filter((call) => call.failed).length / seconds,
      p99Ms: walls[Math.ceil(walls.length * 0.99) - 1] ?? null,
      dropped: this.#dropped,
    });
    this.#recent = [];
    this.#lastSaidMs = atMs;
  }
}
