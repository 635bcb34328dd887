import { styleText } from 'node:util';
import { cannotTell, TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';

/** Says on stderr what happened, why and what to do next. Gives the exit code. */
export function sayError(error: unknown): ExitCode {
  const known = error instanceof TenfoldError ? error : diskError(error);
  const message = known?.message ?? `a bug in tenfold: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${styleText('red', 'tenfold:', { stream: process.stderr })} ${message}\n`);
  const hint = known ? known.hint : 'please report it with the run folder, if there is one';
  if (hint) process.stderr.write(`  what to do: ${hint}\n`);
  return known?.exitCode ?? exitCodes.bug;
}

/** A disk that fills up, or is taken away, in mid-run is no bug of ours. */
function diskError(error: unknown): TenfoldError | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(code ?? '')) return undefined;
  return cannotTell(`evidence could not be written: ${message}`, {
    hint: 'free some space, or choose another folder with --reports FOLDER',
    cause: error,
  });
}
