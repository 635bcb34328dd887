import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withClient } from './client.ts';
import type { Instance } from './instance.ts';

const pollMs = 20;
/** A shop without shoppers has no order to lose. */
const firstOrderTimeoutMs = 5_000;
/** From the first order that no reader gets: in this time its shopper gets the answer, and more orders follow. */
const unsentMs = 1_000;

/**
 * Keeps a writer's commits from the readers until it has acknowledged orders that they do not have: the state in which
 * its crash loses orders. An asynchronous replica may be in it at any moment; here it always is, however fast or busy
 * the machine.
 */
export async function fallBehind(
  writer: Instance,
  { countOrders, signal, event }: { countOrders: string; signal: AbortSignal; event: (message: string) => void },
): Promise<void> {
  if (!writer.pid) return;
  writer.holdBack();
  try {
    await withClient(writer.access, (client) => untilOrdered(client, countOrders, signal));
  } catch (error) {
    signal.throwIfAborted();
    // The writer has to go anyway, and may be gone already.
    event(`nothing is known of the last orders of ${writer.id}: ${(error as Error).message}`);
  }
}

async function untilOrdered(client: pg.Client, countOrders: string, signal: AbortSignal): Promise<void> {
  const count = async () => BigInt((await client.query(`select (${countOrders})::text as orders`)).rows[0].orders);
  const before = await count();
  const deadlineMs = performance.now() + firstOrderTimeoutMs;
  while ((await count()) === before) {
    if (performance.now() > deadlineMs) return;
    await sleep(pollMs, null, { signal });
  }
  await sleep(unsentMs, null, { signal });
}
