import { expect, it } from 'vitest';
import type { StoredOrder } from '../model/facets.ts';
import { nowMs } from '../runtime/clock.ts';
import { readSettled } from './evidence.ts';

/** A shop whose orders commit at set times after the load's end, long after their shoppers have given up. */
function shopCommitting(...afterMs: number[]): () => Promise<StoredOrder[]> {
  const endMs = nowMs();
  return async () =>
    afterMs.flatMap((ms, i) =>
      nowMs() >= endMs + ms
        ? [{ key: `run-${i}`, orderId: `id-${i}`, createdAtUs: (endMs + ms) * 1000, lines: null, totalCents: null }]
        : [],
    );
}

it('orders that commit late are read back with the others', async () => {
  const { orders, settled } = await readSettled(shopCommitting(0, 0, 60, 150), { forMs: 120, atMostMs: 2_000 });
  expect(orders.map(({ key }) => key)).toEqual(['run-0', 'run-1', 'run-2', 'run-3']);
  expect(settled).toBe(true);
});

it('orders that come in without end are told as such', async () => {
  const everlasting = Array.from({ length: 500 }, (_, i) => i * 10);
  const { orders, settled } = await readSettled(shopCommitting(...everlasting), { forMs: 50, atMostMs: 300 });
  expect(settled).toBe(false);
  expect(orders.length).toBeGreaterThan(20);
});
