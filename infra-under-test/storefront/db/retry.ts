import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAwayError, isTransient } from './errors.ts';

export interface RetryBudget {
  maxTries: number;
  /** For the whole operation, from its first try. */
  deadlineMs: number;
  /** The first pause is random, up to this; the bound doubles for each further one (full jitter). */
  baseDelayMs: number;
}

export const retryBudget: RetryBudget = { maxTries: 4, deadlineMs: 800, baseDelayMs: 120 };

/**
 * Tries until it works, the error is not worth a retry, or the budget is spent: then throws DatabaseAwayError.
 * Without a budget it retries for ever, without pauses.
 * @param attempt receives the milliseconds left, Infinity without a budget
 */
export async function withRetries<T>(
  budget: RetryBudget | null,
  attempt: (remainingMs: number) => Promise<T>,
  onRetry: () => void = () => {},
): Promise<T> {
  const deadlineMs = budget ? performance.now() + budget.deadlineMs : Number.POSITIVE_INFINITY;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(deadlineMs - performance.now());
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (budget) await pause(budget, tries, deadlineMs, error);
      onRetry();
    }
  }
}

async function pause(budget: RetryBudget, tries: number, deadlineMs: number, error: unknown): Promise<void> {
  const delayMs = Math.random() * budget.baseDelayMs * 2 ** (tries - 1);
  if (tries >= budget.maxTries || performance.now() + delayMs >= deadlineMs) throw new DatabaseAwayError(error);
  await sleep(delayMs);
}
