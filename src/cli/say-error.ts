import { styleText } from 'node:util';
import { systemError, TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import { onAScreen } from './on-a-screen.ts';

/** Says on stderr what happened, why and what to do next. Returns the exit code. */
export function sayError(error: unknown): ExitCode {
  const known = error instanceof TenfoldError ? error : systemError(error);
  const message = known?.message ?? `a bug in tenfold: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${styleText('red', 'tenfold:', { stream: process.stderr })} ${onAScreen(message)}\n`);
  const hint = known ? known.hint : 'please report it with the run folder, if there is one';
  if (hint) process.stderr.write(`  what to do: ${onAScreen(hint)}\n`);
  return known?.exitCode ?? exitCodes.bug;
}
