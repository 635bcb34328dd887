import type { Emit } from '../model/evidence.ts';
import { nowMs, within } from '../runtime/clock.ts';

/** The longest that each part of a drill may take. */
export interface StepLimits {
  'stand up the platform': number;
  'platform healthy': number;
  'check the fault': number;
  'steady state': number;
  /** Beyond the schedule of the load itself, the start of pods for it, and the undo of what was broken meanwhile. */
  traffic: number;
  collect: number;
  'all as before': number;
  /** How long a step that is told to end may take to end cleanly, such as a region that is coming up. */
  endingMs: number;
}
export type StepName = Exclude<keyof StepLimits, 'endingMs'>;

export const usualLimits: StepLimits = {
  'stand up the platform': 240_000,
  'platform healthy': 120_000,
  'check the fault': 120_000,
  'steady state': 60_000,
  traffic: 180_000,
  collect: 120_000,
  'all as before': 90_000,
  endingMs: 30_000,
};

/** Runs a part of a drill under its name, which people see. Work that outlasts its limit is told to end, by its signal. */
export type Step = <T>(
  name: StepName,
  work: (signal: AbortSignal) => Promise<T>,
  options?: {
    /** Takes back the result of work that nobody was waiting for any more. */
    late?: (result: T) => unknown;
    /** How long it is planned to take; its limit is added to this. */
    plannedMs?: number;
    /** How long it may take to take back what it did, which is added to its limit, and to the time to end where it is told to. */
    undoMs?: number;
  },
) => Promise<T>;

/** Steps that report when they start, finish and fail. @param signal ends the one in progress, and starts no other */
export const stepsTo =
  (emit: Emit, signal: AbortSignal, limits: StepLimits = usualLimits): Step =>
  async (step, work, { late, plannedMs = 0, undoMs = 0 } = {}) => {
    signal.throwIfAborted();
    emit({ kind: 'step', atMs: nowMs(), step, state: 'started' });
    try {
      const timeoutMs = plannedMs + undoMs + limits[step];
      const limit = { timeoutMs, signal, graceMs: limits.endingMs + undoMs, ...(late && { late }) };
      const result = await within(step, limit, work);
      emit({ kind: 'step', atMs: nowMs(), step, state: 'finished' });
      return result;
    } catch (error) {
      emit({ kind: 'step', atMs: nowMs(), step, state: 'failed', message: (error as Error).message });
      throw error;
    }
  };
