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

/** Refused before anything was started. Several problems are reported together, one per line. */
export function invalid(problems: string | string[], hint?: string): TenfoldError {
  const message = Array.isArray(problems) ? problems.join('\n') : problems;
  return new TenfoldError(message, { exitCode: exitCodes.invalid, ...(hint && { hint }) });
}

/** Something outside tenfold did not do what a drill needs, so nothing can be said: not a bug, not a broken promise. */
export function cannotTell(message: string, options: { hint?: string; cause?: unknown } = {}): TenfoldError {
  return new TenfoldError(message, { exitCode: exitCodes.inconclusive, ...options });
}

/** What to do where a platform does not answer. */
export const awayHint =
  'see whether it is up, and can be reached from here; what was changed is undone, or told otherwise';

/** A platform does not tell of its nodes and pods any more: what is known of them is how they were. */
export class Unheard extends TenfoldError {
  readonly sinceMs: number;

  /** @param sinceMs epoch ms */
  constructor(message: string, sinceMs: number) {
    super(message, { exitCode: exitCodes.inconclusive, hint: awayHint });
    this.name = 'Unheard';
    this.sinceMs = sinceMs;
  }
}

/** A disk that fills up or goes away, usually in mid-run. */
const diskIsGone = /^(ENOSPC|EDQUOT|EROFS|EIO)$/;
/** A path leads to the wrong thing, this user may not use it, or the machine has run out of it. */
const isRefused =
  /^(EACCES|EPERM|EEXIST|EISDIR|ENOTDIR|ELOOP|ENAMETOOLONG|ENODEV|ENXIO|EBUSY|ETXTBSY|EMFILE|ENFILE|ENOMEM|EAGAIN|E2BIG)$/;
/** A platform or its control plane is away, or takes a request and never answers. */
const isAway = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_\w+)$/;
/** npm left it out, or it was built for another machine. */
const isNotInstalled = /^((ERR_)?MODULE_NOT_FOUND|ERR_DLOPEN_(FAILED|DISABLED))$/;

type SystemError = Error & { code?: string; syscall?: string };

/** An answer of an API server other than 2xx, by its client. */
const saysKubernetes = (error: Error): error is Error & { body: unknown } =>
  'code' in error && typeof error.code === 'number' && 'headers' in error && 'body' in error;

/** What an API server says in its answer, a Status, which its client gives parsed or as it came. */
export function messageInAnswer(body: unknown): string | undefined {
  if (typeof body !== 'string') return (body as { message?: string } | undefined)?.message;
  try {
    return (JSON.parse(body) as { message?: string }).message;
  } catch {
    return undefined;
  }
}

/** An error, and what it came of, each before its cause. */
const withCauses = (error: unknown): Error[] => (error instanceof Error ? [error, ...withCauses(error.cause)] : []);

/**
 * A refusal by the system or the platform is not our bug: reported as what it is, with what to do. It may be the cause of what was thrown,
 * or that one's: undici says `fetch failed`, and why is its cause. Undefined for all other errors.
 */
export function systemError(error: unknown): TenfoldError | undefined {
  for (const one of withCauses(error)) {
    const own = saysKubernetes(one) ? (messageInAnswer(one.body) ?? one.message.split('\n')[0] ?? '') : one.message;
    const { message } = error as Error;
    const known = knownError(one, one === error ? own : message.includes(own) ? message : `${message}: ${own}`);
    if (known) return new TenfoldError(known.message, { ...known, cause: error });
  }
  return undefined;
}

interface Known {
  message: string;
  hint: string;
  exitCode: ExitCode;
}

/** @param words what happened */
function knownError(error: Error, words: string): Known | undefined {
  const { code = '', syscall } = error as SystemError;
  const { inconclusive, invalid } = exitCodes;
  if (diskIsGone.test(code))
    return {
      message: `evidence could not be written: ${words}`,
      hint: 'free some space, make the folder writable, or choose another: a stored run may be copied, and run and prove have --reports FOLDER',
      exitCode: inconclusive,
    };
  if (isAway.test(code) || error.name === 'TimeoutError')
    return { message: `the platform does not answer: ${words}`, hint: awayHint, exitCode: inconclusive };
  // The SDK's mark of an answer from an AWS service.
  if ('$metadata' in error)
    return {
      message: `AWS refuses: ${error.name}: ${words}`,
      hint: 'npm run tenfold -- plan lists the rights that the drill needs',
      exitCode: inconclusive,
    };
  if (saysKubernetes(error))
    return {
      message: `Kubernetes refuses: ${words}`,
      hint: 'see whether its API server is well; what was changed is undone, or told otherwise',
      exitCode: inconclusive,
    };
  if (isNotInstalled.test(code))
    return {
      message: `a library cannot be loaded: ${words.split('\n')[0]}`,
      hint: 'npm ci on this machine, without --omit=optional and --ignore-scripts; npm run tenfold -- doctor says what is missing',
      exitCode: invalid,
    };
  if (syscall === undefined || !isRefused.test(code)) return undefined;
  const hint = /^E[MN]FILE$/.test(code)
    ? 'allow more open files: ulimit -n, LimitNOFILE or --ulimit nofile'
    : 'see what is there, and whether you may read and write it';
  return { message: `the system refuses: ${words}`, hint, exitCode: invalid };
}

/** Refused because another drill is using the platform: unlike any other refusal, it is over by itself some time. */
export class InUse extends TenfoldError {
  readonly holder: string;
  /** Epoch ms; undefined: nobody says. */
  readonly sinceMs: number | undefined;

  constructor(platform: string, { holder, sinceMs }: { holder: string; sinceMs?: number | undefined }, hint: string) {
    super(`${holder} is using ${platform}`, {
      exitCode: exitCodes.invalid,
      hint: `${hint}; run and prove wait for it with --wait`,
    });
    this.name = 'InUse';
    this.holder = holder;
    this.sinceMs = sinceMs;
  }
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
