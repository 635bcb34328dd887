import { styleText } from 'node:util';
import { TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';

/** Says on stderr what happened, why and what to do next. Gives the exit code. */
export function sayError(error: unknown): ExitCode {
  const known = error instanceof TenfoldError;
  const message = known ? error.message : `a bug in tenfold: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${styleText('red', 'tenfold:')} ${message}\n`);
  const hint = known ? error.hint : 'please report it with the run folder, if there is one';
  if (hint) process.stderr.write(`  what to do: ${hint}\n`);
  return known ? error.exitCode : exitCodes.bug;
}
