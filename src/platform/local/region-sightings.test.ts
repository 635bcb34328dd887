import { expect, test } from 'vitest';
import { regionSightings } from './region-sightings.ts';

test('the events of a region tell when a node fell silent, and of its pods but the start', () => {
  const events = [
    [17_000, 'local-1a-1 NotReady: no heartbeat for 6012 ms'],
    [20_000, 'shop-a removed from local-1a-1: node-lost, local-1a-1 NotReady: no heartbeat for 9012 ms'],
    [20_000, 'shop-b assigned to local-1b-1'],
    [22_500, 'shop-b on local-1b-1 ready'],
    [22_600, 'shop-c on local-1b-1 not ready'],
    [23_000, 'local-1a-1 Ready'],
  ] as const;
  const told = regionSightings(events.map(([atMs, message]) => ({ atMs, source: 'pod', message })));
  expect(told.map(({ atMs, step, of, node }) => [atMs, step, of, node])).toEqual([
    [10_988, 'silent', 'local-1a-1', 'local-1a-1'],
    [17_000, 'not-ready', 'local-1a-1', 'local-1a-1'],
    [20_000, 'evicted', 'shop-a', 'local-1a-1'],
    [20_000, 'created', 'shop-b', 'local-1b-1'],
    [20_000, 'scheduled', 'shop-b', 'local-1b-1'],
    [22_500, 'ready', 'shop-b', 'local-1b-1'],
  ]);
});
