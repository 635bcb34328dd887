import { expect, test } from 'vitest';
import { startWatchServer } from '../../../tests/support/watch-server.ts';
import { waitFor } from '../../runtime/clock.ts';
import { type ClusterParts, openCluster } from './open-cluster.ts';

const parts: ClusterParts = {
  workload: { namespace: 'shop', labels: { app: 'web' } },
  cnpg: null,
  settings: { images: { k6: 'k6:1', sentinel: 'sentinel:1' } },
  folder: '.',
  secrets: [],
};
const kindsWatched = 8;

/** @param refused which of the questions for API groups is refused, from 1: what breaks things asks first, and load after it */
async function serverThatRefuses(refused?: number) {
  let asked = 0;
  return await startWatchServer((path) => path === '/apis' && ++asked === refused);
}

const untilWatched = (server: Awaited<ReturnType<typeof startWatchServer>>, count: number) =>
  waitFor(`${count} watches`, () => server.watching() === count || undefined, { timeoutMs: 3_000, intervalMs: 20 });

test('a cluster whose settings name images has what runs in pods of a drill’s own', async () => {
  await using server = await serverThatRefuses();
  using opened = await openCluster(server.api, parts);
  expect(opened.facets).toMatchObject({ load: expect.anything(), sentinel: expect.anything() });
  await untilWatched(server, kindsWatched);
});

test.each([1, 2])(
  'where question %i for API groups fails, no watch is left that would keep this process',
  async (n) => {
    await using server = await serverThatRefuses(n);
    await expect(openCluster(server.api, parts)).rejects.toThrow(/HTTP-Code: 503/);
    await untilWatched(server, 0);
  },
);
