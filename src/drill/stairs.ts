import { limitOf } from '../analysis/limits.ts';
import type { LiveCalls } from '../load/live-calls.ts';
import type { Emit } from '../model/evidence.ts';
import { allowedBadShare, error, errorOfEachTry, type Plan } from '../model/plan.ts';
import { type LatencyPath, pathsTaken } from '../model/profile.ts';
import { type PlannedStep, stepsOf } from '../plan/schedule.ts';
import { nowMs } from '../runtime/clock.ts';
import { shareBounds } from '../statistics/share.ts';
import { thresholds } from '../verdict/thresholds.ts';
import { settleMs } from './course.ts';
import type { HostSoFar } from './watch-host.ts';

/** One may be a hiccup. */
const stepsToEnd = 2;
/** Share of a step's requests that k6 may drop before the load side counts as what gave way. */
const maxDroppedShare = 0.01;

/** Calls of a second. */
type Counts = Record<LatencyPath, { calls: number; bad: number }>;

/**
 * The course of a load in several steps: it ends early once two steps in a row show that the next would tell nothing of the shop, as
 * a promise is broken, k6 drops requests, or the host is full. What gave way is told by the evidence afterwards.
 */
export class Stairs {
  readonly #emit: Emit;
  readonly #startMs: number;
  readonly #host: HostSoFar;
  readonly #paths: LatencyPath[];
  readonly #limitsMs: Record<LatencyPath, number>;
  readonly #toBegin: PlannedStep[];
  readonly #toJudge: PlannedStep[];
  readonly #seconds = new Map<number, Counts>();
  #dropped = 0;
  #droppedBefore = 0;
  #gaveWayInARow = 0;

  constructor(plan: Plan, emit: Emit, startMs: number, host: HostSoFar) {
    this.#emit = emit;
    this.#startMs = startMs;
    this.#host = host;
    this.#paths = pathsTaken(plan.checkoutShare);
    this.#limitsMs = { api: limitOf(plan, 'api') ?? Infinity, checkout: limitOf(plan, 'checkout') ?? Infinity };
    this.#toBegin = stepsOf(plan.profile);
    this.#toJudge = [...this.#toBegin];
  }

  take({ calls, dropped }: Pick<LiveCalls, 'calls' | 'dropped'>): void {
    this.#dropped += dropped;
    for (const { startMs, wallMs, failed, path } of calls) {
      const second = Math.floor(startMs / 1_000);
      const counts = this.#seconds.get(second) ?? { api: { calls: 0, bad: 0 }, checkout: { calls: 0, bad: 0 } };
      this.#seconds.set(second, counts);
      counts[path].calls += 1;
      if (failed || wallMs > this.#limitsMs[path]) counts[path].bad += 1;
    }
    this.#judge();
    if (!this.isOver()) this.#begin();
  }

  isOver = (): boolean => this.#gaveWayInARow >= stepsToEnd;

  #begin(): void {
    for (let next = this.#toBegin[0]; next && this.#startMs + next.fromMs <= nowMs(); next = this.#toBegin[0]) {
      this.#toBegin.shift();
      const { factor, ratePerSecond, fromMs, toMs } = next;
      const [atMs, untilMs] = [this.#startMs + fromMs, this.#startMs + toMs];
      this.#emit({ kind: 'load-step', atMs, untilMs, factor, ratePerSecond });
    }
  }

  #judge(): void {
    const [step] = this.#toJudge;
    if (step === undefined || nowMs() < this.#startMs + step.toMs + settleMs) return;
    this.#toJudge.shift();
    this.#gaveWayInARow = this.#gaveWay(step) ? this.#gaveWayInARow + 1 : 0;
    this.#droppedBefore = this.#dropped;
  }

  #gaveWay({ ratePerSecond, fromMs, toMs }: PlannedStep): boolean {
    const [startMs, endMs] = [this.#startMs + fromMs, this.#startMs + toMs];
    const planned = (ratePerSecond * (toMs - fromMs)) / 1_000;
    return (
      this.#dropped - this.#droppedBefore > planned * maxDroppedShare ||
      (this.#host.busyRatio(startMs, endMs) ?? 0) > thresholds.maxPeakBusyRatio ||
      this.#paths.some((path) => this.#breaks(path, startMs, endMs))
    );
  }

  /** As the evidence will judge it. */
  #breaks(path: LatencyPath, startMs: number, endMs: number): boolean {
    const robbed = this.#host.robbed();
    const events = { count: 0, badBySecond: [] as number[], seconds: 0 };
    let robbedSeconds = 0;
    for (let second = Math.ceil(startMs / 1_000); second < Math.floor(endMs / 1_000); second += 1) {
      if (robbed.has(second)) {
        robbedSeconds += 1;
        continue;
      }
      const { calls, bad } = this.#seconds.get(second)?.[path] ?? { calls: 0, bad: 0 };
      events.seconds += 1;
      events.count += calls;
      if (bad > 0) events.badBySecond.push(bad);
    }
    return events.count > 0 && shareBounds(events, errorOfEachTry(error, robbedSeconds)).low > allowedBadShare;
  }
}
