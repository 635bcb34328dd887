import { Stopped, systemError, TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * The exit code for whoever started a run: the first that applies of what is left to do by hand, who ended it, a
 * promise that was broken before anything else went wrong, what went wrong, and its verdict.
 */
export function exitCodeOf({ outcome }: Pick<Verdict, 'outcome'>, error: Error | null, isDirty: boolean): ExitCode {
  if (isDirty) return exitCodes.dirty;
  if (error instanceof Stopped) return error.exitCode;
  if (error === null || outcome === 'fail') return exitCodes[outcome];
  if (error instanceof TenfoldError) return error.exitCode;
  return systemError(error) ? exitCodes.inconclusive : exitCodes.bug;
}
