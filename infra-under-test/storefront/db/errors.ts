/** The database did not answer in time; the shop answers 503 and the shopper may retry. */
export class DatabaseAwayError extends Error {
  constructor(cause: unknown) {
    super(`The database is away: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'DatabaseAwayError';
  }
}

const readOnlyTransaction = '25006';
const deadConnection =
  /^(57P0[123]|08...|EPIPE|ECONNRESET|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENAME|ERESTING)$/;
/** Serialisation failure, deadlock, lock not available, too many connections, cancelled by a timeout. */
const worthAnotherTry = /^(40001|40P01|55P03|53300|57014)$/;
/** Errors of pg and its pool that carry no code. */
const deadByMessage =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable/;

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

/** The connection leads to a demoted writer. */
export const isReadOnly = (error: unknown): boolean => codeOf(error) === readOnlyTransaction;

/** The connection is dead, or was never established. */
export const isDead = (error: unknown): boolean =>
  deadConnection.test(codeOf(error)) || (error instanceof Error && deadByMessage.test(error.message));

/** A retry can help. */
export const isTransient = (error: unknown): boolean =>
  isDead(error) || isReadOnly(error) || worthAnotherTry.test(codeOf(error));

/** An error with a code, as Node's and PostgreSQL's have. */
export const codedError = (code: string, message: string): Error => Object.assign(new Error(message), { code });
