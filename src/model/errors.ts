import { type ExitCode, exitCodes } from './exit-codes.ts';

/** What a person is told when something goes wrong: what happened, why, and what to do next. */
export class TenfoldError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  /** @param message what happened and why; @param options hint: what to do next; cause: the error below. */
  constructor(message: string, options: { exitCode: ExitCode; hint?: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'TenfoldError';
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}

/** Refused before anything was started. Several problems are told together, one a line. */
export function invalid(problems: string | string[], hint?: string): TenfoldError {
  const message = Array.isArray(problems) ? problems.join('\n') : problems;
  return new TenfoldError(message, { exitCode: exitCodes.invalid, ...(hint && { hint }) });
}

/** Something outside tenfold did not do what a drill needs, so that nothing can be said: not a bug, not a broken promise. */
export function cannotTell(message: string, options: { hint?: string; cause?: unknown } = {}): TenfoldError {
  return new TenfoldError(message, { exitCode: exitCodes.inconclusive, ...options });
}

/** A person, or a stop condition, ended the drill. */
export class Stopped extends TenfoldError {
  readonly status: 'interrupted' | 'stopped';

  constructor(status: 'interrupted' | 'stopped', message: string) {
    super(message, { exitCode: exitCodes.stopped });
    this.name = 'Stopped';
    this.status = status;
  }
}
