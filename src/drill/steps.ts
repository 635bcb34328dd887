import type { Emit } from '../model/evidence.ts';
import { nowMs } from '../runtime/clock.ts';

/** Runs a part of a drill under a name that people see. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Steps that tell when they start, finish and fail. */
export const stepsTo =
  (emit: Emit): Step =>
  async (step, work) => {
    emit({ kind: 'step', atMs: nowMs(), step, state: 'started' });
    try {
      const result = await work();
      emit({ kind: 'step', atMs: nowMs(), step, state: 'finished' });
      return result;
    } catch (error) {
      emit({ kind: 'step', atMs: nowMs(), step, state: 'failed', message: (error as Error).message });
      throw error;
    }
  };
