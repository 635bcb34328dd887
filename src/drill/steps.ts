import type { Emit } from '../model/evidence.ts';
import { nowMs, within } from '../runtime/clock.ts';

/** The parts of a drill, and how long each may take at the most. The traffic ends by its own schedule (follow-load.ts). */
export const stepLimitsMs = {
  'stand up the platform': 240_000,
  'platform whole': 120_000,
  'check the fault': 120_000,
  'steady state': 60_000,
  traffic: null,
  collect: 120_000,
  'all as before': 90_000,
} as const satisfies Record<string, number | null>;
export type StepName = keyof typeof stepLimitsMs;

/** Runs a part of a drill under its name, which people see. Work that outlasts its limit is told to end, by its signal. */
export type Step = <T>(
  name: StepName,
  work: (signal: AbortSignal) => Promise<T>,
  /** Takes back what came of work that nobody waited for any longer. */
  late?: (result: T) => unknown,
) => Promise<T>;

/** Steps that tell when they start, finish and fail. @param signal ends the one that is on its way */
export const stepsTo =
  (emit: Emit, signal: AbortSignal, limitsMs: Record<StepName, number | null> = stepLimitsMs): Step =>
  async (step, work, late) => {
    emit({ kind: 'step', atMs: nowMs(), step, state: 'started' });
    const timeoutMs = limitsMs[step];
    try {
      const result = await (timeoutMs === null
        ? work(signal)
        : within(step, { timeoutMs, signal, graceMs: endingMs, ...(late && { late }) }, work));
      emit({ kind: 'step', atMs: nowMs(), step, state: 'finished' });
      return result;
    } catch (error) {
      emit({ kind: 'step', atMs: nowMs(), step, state: 'failed', message: (error as Error).message });
      throw error;
    }
  };

/** Until what a step has begun is taken back, such as a region that comes up. */
const endingMs = 30_000;
