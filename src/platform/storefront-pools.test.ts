import { expect, test } from 'vitest';
import { createMetrics } from '../../infra-under-test/storefront/metrics.ts';
import { poolsIn } from './storefront-pools.ts';

test('the pools are read from the page that a pod of the shop writes', async () => {
  const metrics = createMetrics();
  metrics.databaseEvents.labels('writer', 'retry').inc(7);
  for (const [role, connections] of [
    ['writer', 6],
    ['reader', 4],
  ] as const) {
    metrics.connections.labels(role).set(connections);
    metrics.connectionUses.labels(role).inc(10 * connections);
    metrics.connectionHold.labels(role).inc(0.125 * connections);
    metrics.connectionWait.labels(role).inc(0.25);
  }
  expect(poolsIn(await metrics.text())).toEqual([
    { role: 'writer', connections: 6, uses: 60, holdSeconds: 0.75, waitSeconds: 0.25 },
    { role: 'reader', connections: 4, uses: 40, holdSeconds: 0.5, waitSeconds: 0.25 },
  ]);
});

test('a pool of which something is missing, or that is not told in numbers, is left out', () => {
  expect(poolsIn('')).toEqual([]);
  expect(poolsIn('database_connections{role="writer"} 6\n')).toEqual([]);
});
