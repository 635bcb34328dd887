import type { V1Node } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWatchServer } from '../../../tests/support/watch-server.ts';
import { waitFor } from '../../runtime/clock.ts';
import { clusterFacet } from './cluster-facet.ts';
import { rememberNodes } from './open-cluster.ts';
import { watchAll } from './watches.ts';

const nodesPath = '/api/v1/nodes';
const workload = { namespace: 'shop', labels: { app: 'web' } };

const node = (name: string, { ready = true, ...spec }: V1Node['spec'] & { ready?: boolean } = {}): V1Node => ({
  metadata: { name, uid: name },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }] },
});
const disrupted = { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' };
const toBeDeleted = { key: 'ToBeDeletedByClusterAutoscaler', value: '1796000000', effect: 'NoSchedule' };

let server: Awaited<ReturnType<typeof startWatchServer>>;
beforeEach(async () => {
  server = await startWatchServer();
  for (const name of ['a', 'b', 'c']) server.put(nodesPath, node(name));
});
afterEach(() => server[Symbol.asyncDispose]());

/** How many nodes are wanted after a drill in which this happened to them, and what is told to be left. */
async function after(happens: (put: (node: V1Node) => void) => void) {
  using watches = await watchAll(server.api, 'shop');
  using cluster = clusterFacet(server.api, workload, watches, null);
  const nodesLeft = await rememberNodes(server.api);
  happens((changed) => server.put(nodesPath, changed));
  server.put(nodesPath, node('last', { ready: false }));
  const isHeard = () => watches.nodes.all().some(({ metadata }) => metadata?.name === 'last') || undefined;
  await waitFor('all of it', isHeard, { timeoutMs: 10_000, intervalMs: 20 });
  return { wanted: (await cluster.inventory()).nodesWanted, left: await nodesLeft(AbortSignal.timeout(300)) };
}

const isMissing = (name: string) => [`node ${name} was ready and took pods before the drill, and is not or does not`];

test.each([
  ['Karpenter', disrupted],
  ['Cluster Autoscaler', toBeDeleted],
])('a node that %s takes away is no longer wanted, and not told as left behind', async (_, taint) => {
  const end = await after((put) => {
    put(node('a', { taints: [taint] }));
    put(node('a', { taints: [taint], ready: false }));
    server.remove(nodesPath, 'a');
  });
  expect(end).toEqual({ wanted: 2, left: [] });
});

test.each<[string, (put: (node: V1Node) => void) => void]>([
  ['without a word', () => {}],
  ['after it was lost', (put) => put(node('a', { ready: false, taints: [disrupted] }))],
  ['after it was cordoned', (put) => put(node('a', { unschedulable: true, taints: [disrupted] }))],
  [
    'after an autoscaler has thought better of it',
    (put) => {
      put(node('a', { taints: [toBeDeleted] }));
      put(node('a'));
    },
  ],
])('a node that is gone %s is wanted, and told as left behind', async (_, happens) => {
  const end = await after((put) => {
    happens(put);
    server.remove(nodesPath, 'a');
  });
  expect(end).toEqual({ wanted: 3, left: isMissing('a') });
});

test('another node takes the place of one that is gone, and none is missing', async () => {
  const end = await after((put) => {
    server.remove(nodesPath, 'a');
    put(node('d'));
  });
  expect(end).toEqual({ wanted: 3, left: [] });
});

test.each([
  ['off', node('a', { ready: false })],
  ['cordoned', node('a', { unschedulable: true })],
])('a node that is left %s is told, however many others have come under the load', async (_, left) => {
  const end = await after((put) => {
    put(left);
    server.remove(nodesPath, 'b');
    for (const name of ['d', 'e', 'f']) put(node(name));
  });
  expect(end).toEqual({ wanted: 3, left: isMissing('a') });
});

test('nodes that cannot be looked at are told as such, and not taken to be as before', async () => {
  const nodesLeft = await rememberNodes(server.api);
  await server.away();
  expect(await nodesLeft(AbortSignal.timeout(300))).toEqual([
    expect.stringMatching(/^the nodes could not be looked at: ./),
  ]);
});

test('what was seen last counts where the nodes cannot be looked at any more', async () => {
  const nodesLeft = await rememberNodes(server.api);
  server.remove(nodesPath, 'b');
  const looking = nodesLeft(AbortSignal.timeout(2_500));
  const isLookedAt = () => server.asked.filter(({ pathname }) => pathname === nodesPath).length === 2 || undefined;
  await waitFor('a look', isLookedAt, { timeoutMs: 10_000, intervalMs: 10 });
  await server.away();
  expect(await looking).toEqual(isMissing('b'));
});
