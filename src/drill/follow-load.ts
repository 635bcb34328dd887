import { limitOf } from '../analysis/limits.ts';
import { LiveCallReader, type LiveCalls } from '../load/live-calls.ts';
import type { K6End, RunningK6 } from '../load/run-k6.ts';
import { cannotTell } from '../model/errors.ts';
import type { Emit, PathProgress } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, pathsTaken } from '../model/profile.ts';
import { drainMs, type Schedule, type ScheduleMark, scheduleOf } from '../plan/schedule.ts';
import { nowMs, rejectsOn, sleepMs } from '../runtime/clock.ts';
import { Course, settleMs } from './course.ts';
import { Stairs } from './stairs.ts';
import type { HostSoFar } from './watch-host.ts';

const lookEveryMs = 500;
/** k6 builds its virtual users before it begins, and lets calls end (30 s) before it ends. */
const patienceMs = 90_000;
/** The peak is proven once it has held the planned rate for this long. */
const proofMs = 5_000;
/** Share of the planned rate that counts as reached. */
export const reachedShare = 0.95;
/** With less just before the strike, the host or the shop has broken down, and what follows would be blamed on the fault. */
const lastingShare = 0.5;

export interface Generator {
  version: string;
  availableVus: number;
}

/** The load as it runs. Both promises reject when k6 ends early or the drill is aborted. */
export interface FollowedLoad {
  /**
   * Resolves when the hold at peak ends and a fault is due: to null at a proven peak, or to why there is no peak to
   * inject it at.
   */
  faultDue: Promise<string | null>;
  /** Call it when the fault was injected: the rest of the load counts from then. */
  struck(injectedAtMs: number): void;
  /** Resolves when the load has ended as planned. */
  ended: Promise<void>;
}

export interface Following {
  k6: RunningK6;
  generator: Generator;
  csvPaths: string[];
  plan: Plan;
  emit: Emit;
  signal: AbortSignal;
  host: HostSoFar;
  /** Called with the calls that have ended, and once when the peak has been proven. */
  onCalls: (calls: LiveCalls['calls']) => void;
  onPeak: (atMs: number) => void;
}

/**
 * Follows k6's samples: emits the schedule's marks and one progress observation per second, proves the peak, and ends the
 * load where the drill decides when.
 */
export function followLoad(following: Following): FollowedLoad {
  const due = Promise.withResolvers<string | null>();
  const progress = new Progress(following);
  const ended = follow(following, progress, due.resolve);
  // A load that ends early ends the wait for its peak too.
  void ended.then(() => due.reject(cannotTell('the load ended before the fault was due')), due.reject);
  due.promise.catch(() => {});
  ended.catch(() => {});
  return { faultDue: due.promise, struck: (injectedAtMs) => progress.struck(injectedAtMs), ended };
}

/** For a load in which nothing is injected. */
export async function untilLoadEnds({ ended }: FollowedLoad, signal: AbortSignal): Promise<void> {
  const over = rejectsOn(signal);
  over.catch(() => {});
  await Promise.race([ended, over]);
}

/** k6's own exit code after a signal. */
const stoppedExitCode = 105;

async function follow(
  { k6, generator, csvPaths, emit, signal }: Following,
  progress: Progress,
  faultIsDue: (noPeak: string | null) => void,
): Promise<void> {
  await using reader = await LiveCallReader.open(csvPaths);
  let end: K6End | undefined;
  void k6.ended.then((how) => {
    end = how;
  });
  let isDue = false;
  while (!end && !progress.isOver()) {
    progress.failOverdue();
    progress.take(await reader.read());
    if (!isDue && progress.peakIsOver()) {
      isDue = true;
      faultIsDue(progress.noPeak());
    }
    await Promise.race([sleepMs(lookEveryMs, signal), k6.ended]);
  }
  progress.end();
  const askedTo = !end;
  if (askedTo) await stopAfterDrain(k6, signal);
  progress.take(await reader.read());
  const { exitCode: said, lastLines, othersWentOn = false } = await k6.ended;
  const exitCode = askedTo && said === stoppedExitCode ? 0 : said;
  emit({ kind: 'load-finished', atMs: nowMs(), exitCode, ...generator });
  if (exitCode !== 0 && !othersWentOn)
    throw cannotTell(`k6 ended with exit code ${exitCode}: ${lastLines.slice(-3).join(' | ') || 'it said nothing'}`);
}

/** What was sent before the end of the load is answered before k6 stops, unless the shop hangs. */
async function stopAfterDrain(k6: RunningK6, signal: AbortSignal): Promise<void> {
  await Promise.race([sleepMs(drainMs, signal), k6.ended]);
  await k6.stop();
}

/** What is known about the load so far. */
class Progress {
  readonly #plan: Plan;
  readonly #emit: Emit;
  readonly #startedPerSecond = new Map<number, number>();
  readonly #schedule: Schedule;
  readonly #paths: LatencyPath[];
  readonly #host: HostSoFar;
  readonly #onCalls: Following['onCalls'];
  readonly #onPeak: Following['onPeak'];
  #course: Course | undefined;
  /** Where the load has several steps. */
  #stairs: Stairs | undefined;
  #marksLeft: { mark: ScheduleMark; atMs: number }[] | undefined;
  readonly #sinceMs = nowMs();
  #startMs = Number.NaN;
  #dropped = 0;
  #provenAtMs: number | null = null;
  #lastSaidMs = 0;
  #recent: LiveCalls['calls'] = [];

  constructor({ plan, emit, host, onCalls, onPeak }: Following) {
    this.#onCalls = onCalls;
    this.#onPeak = onPeak;
    this.#plan = plan;
    this.#schedule = scheduleOf(plan);
    this.#paths = pathsTaken(plan.checkoutShare);
    this.#emit = emit;
    this.#host = host;
  }

  take(found: LiveCalls): void {
    if (found.scheduleStartMs === null) return;
    this.#marksLeft ??= this.#begin(found.scheduleStartMs);
    while (this.#marksLeft[0] && this.#marksLeft[0].atMs <= nowMs()) {
      this.#emit({ kind: 'mark', ...(this.#marksLeft.shift() as { mark: ScheduleMark; atMs: number }) });
    }
    this.#dropped += found.dropped;
    this.#onCalls(found.calls);
    this.#course?.take(found.calls);
    this.#stairs?.take(found);
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
    const at = { peakStartMs: this.#peakStartMs(), faultDueMs: startMs + this.#schedule.faultDueAfterMs };
    this.#course = new Course(this.#plan, this.#emit, at, this.#host.robbed);
    if (this.#plan.profile.steps) this.#stairs = new Stairs(this.#plan, this.#emit, startMs, this.#host);
    return this.#schedule.marks.map(({ mark, afterMs }) => ({ mark, atMs: startMs + afterMs }));
  }

  /** The schedule's end, or now for a load that was ended or cut off. */
  end(): void {
    const atMs = Math.min(nowMs(), this.#startMs + this.#lengthMs());
    if (!Number.isNaN(atMs)) this.#emit({ kind: 'mark', atMs, mark: 'load-end' });
  }

  #peakStartMs = (): number =>
    this.#startMs + (this.#schedule.marks.find(({ mark }) => mark === 'peak-start')?.afterMs ?? 0);

  peakIsOver = (): boolean => this.#course?.peakIsOver() ?? false;

  isOver = (): boolean => (this.#course?.isOver() || this.#stairs?.isOver()) ?? false;

  /** @throws when k6 should have begun, or ended by itself, long ago: it was stopped, or hangs. */
  failOverdue(): void {
    const hasBegun = !Number.isNaN(this.#startMs);
    const dueMs = hasBegun ? this.#startMs + this.#lengthMs() : this.#sinceMs;
    if (nowMs() - dueMs < patienceMs) return;
    throw cannotTell(
      `k6 has not ${hasBegun ? 'ended' : 'begun'} its load, ${patienceMs / 1000} s after it should have`,
    );
  }

  #lengthMs = (): number => this.#schedule.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);

  struck(injectedAtMs: number): void {
    this.#course?.struck(injectedAtMs);
  }

  /** Why the load is not at its proven peak, or null. */
  noPeak(): string | null {
    const planned = this.#plan.peakRatePerSecond;
    const reached = Math.round(this.#rateOverLastMs(proofMs));
    const isLasting = reached >= planned * lastingShare;
    if (this.#provenAtMs !== null && isLasting) return null;
    const dropped = this.#dropped === 0 ? '' : `, and k6 dropped ${this.#dropped} iterations`;
    const what = this.#provenAtMs === null ? 'the peak was not proven' : 'the peak did not last';
    return `${what}: ${reached} of ${planned} requests/s were reached${dropped}`;
  }

  /** Requests started per second, over a stretch that is old enough to be known. */
  #rateOverLastMs(lengthMs: number): number {
    const last = Math.floor((nowMs() - settleMs - this.#startMs) / 1000) - 1;
    const seconds = lengthMs / 1000;
    let sum = 0;
    for (let second = last - seconds + 1; second <= last; second += 1) sum += this.#startedPerSecond.get(second) ?? 0;
    return sum / seconds;
  }

  #provePeak(): void {
    const known = nowMs() - settleMs - 1_000 >= this.#peakStartMs() + proofMs;
    if (this.#provenAtMs !== null || !known) return;
    if (this.#rateOverLastMs(proofMs) < this.#plan.peakRatePerSecond * reachedShare) return;
    this.#provenAtMs = nowMs();
    this.#emit({ kind: 'mark', atMs: this.#provenAtMs, mark: 'peak-proven' });
    this.#onPeak(this.#provenAtMs);
  }

  #progressOf(path: LatencyPath): PathProgress {
    const calls = this.#recent.filter((call) => call.path === path);
    const tries = calls.filter(({ isFirst }) => isFirst);
    const limitMs = limitOf(this.#plan, path) ?? Infinity;
    return {
      path,
      calls: calls.length,
      failed: calls.filter(({ failed }) => failed).length,
      p99Ms: p99Of(calls),
      tries: tries.length,
      badTries: tries.filter(({ failed, wallMs }) => failed || wallMs > limitMs).length,
    };
  }

  #sayProgress(): void {
    const atMs = nowMs();
    if (atMs - this.#lastSaidMs < 1_000) return;
    const seconds = this.#lastSaidMs === 0 ? 1 : (atMs - this.#lastSaidMs) / 1000;
    this.#emit({
      kind: 'load-progress',
      atMs,
      ratePerSecond: this.#recent.length / seconds,
      errorsPerSecond: this.#recent.filter((call) => call.failed).length / seconds,
      p99Ms: p99Of(this.#recent),
      dropped: this.#dropped,
      paths: this.#paths.map((path) => this.#progressOf(path)),
    });
    this.#recent = [];
    this.#lastSaidMs = atMs;
  }
}

function p99Of(calls: LiveCalls['calls']): number | null {
  const walls = calls.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
  return walls[Math.ceil(walls.length * 0.99) - 1] ?? null;
}
