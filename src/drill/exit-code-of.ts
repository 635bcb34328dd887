import { Stopped, systemError, TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * How a run ends for whoever started it: with what is left to do by hand, with who ended it, with the promise that was
 * broken before anything else went wrong, with what went wrong, or with its verdict; the first of them that there is.
 */
export function exitCodeOf({ outcome }: Pick<Verdict, 'outcome'>, error: Error | null, isDirty: boolean): ExitCode {
  if (isDirty) return exitCodes.dirty;
  if (error instanceof Stopped) return error.exitCode;
  if (error === null || outcome === 'fail') return exitCodes[outcome];
  if (error instanceof TenfoldError) return error.exitCode;
  return systemError(error) ? exitCodes.inconclusive : exitCodes.bug;
}
