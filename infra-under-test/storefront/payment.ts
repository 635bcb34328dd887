import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands for the payment provider: every authorisation is granted, after the declared latency. It is asked for
 * before the order is written, with the order's idempotency key, so asking again does not charge again; an
 * authorisation whose order is never written lapses.
 */
export type AuthorisePayment = (idempotencyKey: string) => Promise<void>;

export function createPaymentStub(latencyMs: number): AuthorisePayment {
  return () => sleep(latencyMs);
}
