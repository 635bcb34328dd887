import type { LiveCall } from '../load/live-calls.ts';
import type { Emit } from '../model/evidence.ts';
import { heldOnMs, holdsOn, type Plan, recoveredAfterMs } from '../model/plan.ts';
import { nowMs } from '../runtime/clock.ts';
import { LiveLatency } from './undecided.ts';

/** A call shows only once it has ended and k6 has flushed it, so the last moments are not yet known. */
export const settleMs = 1_500;

/**
 * The course of a load whose phases are held on while one of their promises is undecided: each for its own length at a
 * time, and at most as often as the profile says (`errorOfLook` keeps the error of all looks together at that of one).
 */
export class Course {
  readonly #plan: Plan;
  readonly #emit: Emit;
  readonly #robbed: () => ReadonlySet<number>;
  readonly #latency: LiveLatency;
  readonly #held = { peak: 0, recovered: 0 };
  readonly #peakStartMs: number;
  #faultDueMs: number;
  #injectedAtMs: number | null = null;
  #endMs: number;

  constructor(
    plan: Plan,
    emit: Emit,
    at: { peakStartMs: number; faultDueMs: number },
    robbed: () => ReadonlySet<number>,
  ) {
    this.#plan = plan;
    this.#emit = emit;
    this.#robbed = robbed;
    this.#latency = new LiveLatency(plan);
    this.#peakStartMs = at.peakStartMs;
    this.#faultDueMs = at.faultDueMs;
    this.#endMs = at.faultDueMs + plan.profile.afterFaultMs;
  }

  take(calls: readonly LiveCall[]): void {
    if (holdsOn(this.#plan, 'peak')) this.#latency.take(calls);
  }

  /** Whether the peak has been held for long enough. */
  peakIsOver(): boolean {
    if (nowMs() < this.#faultDueMs) return false;
    const span = { fromMs: this.#peakStartMs, toMs: nowMs() - settleMs };
    if (!this.#holdsOn('peak', span)) return true;
    this.#faultDueMs += heldOnMs(this.#plan, 'peak');
    this.#endMs = this.#faultDueMs + this.#plan.profile.afterFaultMs;
    return false;
  }

  /** From here on the time after the fault counts. */
  struck(injectedAtMs: number): void {
    this.#injectedAtMs = injectedAtMs;
    this.#endMs = injectedAtMs + this.#plan.profile.afterFaultMs;
  }

  /** Whether the load has lasted for long enough; never true where it ends by itself. */
  isOver(): boolean {
    if (!holdsOn(this.#plan, 'peak') || nowMs() < this.#endMs) return false;
    if (this.#injectedAtMs === null) return true;
    const span = { fromMs: this.#injectedAtMs + recoveredAfterMs(this.#plan), toMs: nowMs() - settleMs };
    if (!this.#holdsOn('recovered', span)) return true;
    this.#endMs += heldOnMs(this.#plan, 'recovered');
    return false;
  }

  #holdsOn(phase: 'peak' | 'recovered', span: { fromMs: number; toMs: number }): boolean {
    const look = this.#held[phase];
    if (!holdsOn(this.#plan, phase) || look >= (this.#plan.profile.holdOnTimes ?? 0)) return false;
    const undecided = this.#latency.undecided(phase, span, look, this.#robbed());
    if (undecided.length === 0) return false;
    this.#held[phase] += 1;
    this.#emit({ kind: 'held-on', atMs: nowMs(), phase, because: undecided.join('; ') });
    return true;
  }
}
