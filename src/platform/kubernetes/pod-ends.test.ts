import type { KubernetesObject, V1ObjectMeta, V1PodStatus } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWatchServer } from '../../../tests/support/watch-server.ts';
import type { PodEnd } from '../../model/facets.ts';
import { waitFor } from '../../runtime/clock.ts';
import { recordPodEnds } from './pod-ends.ts';
import { type Watches, watchAll } from './watches.ts';

let server: Awaited<ReturnType<typeof startWatchServer>>;
let watches: Watches;
let ends: () => PodEnd[];

const at = (second: number): string => `2026-11-28T10:00:${String(second).padStart(2, '0')}Z`;

/** A node that has been ready, or not, since a second. */
const putNode = (name: string, ready: boolean, second: number) =>
  server.put('/api/v1/nodes', {
    metadata: { name, uid: name },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown', lastTransitionTime: at(second) }] },
  } as KubernetesObject);

/** A pod whose container was started again so often, at last after it had ended at a second. */
const putPod = (restartCount: number, node: string, finished?: number) => {
  const terminated = { exitCode: 255, reason: 'Unknown', finishedAt: finished === undefined ? null : at(finished) };
  return server.put('/api/v1/namespaces/shop/pods', {
    metadata: { name: `web-on-${node}`, namespace: 'shop', uid: `web-on-${node}` },
    spec: { nodeName: node, containers: [{ name: 'web' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'side', restartCount: 0, lastState: {} },
        { name: 'web', restartCount, lastState: restartCount > 0 ? { terminated } : {} },
      ],
    },
  } as KubernetesObject);
};

/** A pod that has ended, on node a, and whose object stays. */
const putEnded = (name: string, status: V1PodStatus, metadata: V1ObjectMeta = {}) =>
  server.put('/api/v1/namespaces/shop/pods', {
    metadata: { name, namespace: 'shop', uid: name, ...metadata },
    spec: { nodeName: 'a', containers: [{ name: 'web' }] },
    status,
  } as KubernetesObject);

const until = async (count: number) => {
  await waitFor(`${count} ends`, async () => ends().length >= count || undefined, {
    timeoutMs: 10_000,
    intervalMs: 20,
  });
  return ends().map(({ pod, cause, because }) => `${pod} ${cause}: ${because}`);
};
/** What is put is told in order only among objects of a kind. */
const heardOf = (node: string, ready: boolean) =>
  waitFor(
    `node ${node}`,
    () =>
      watches.nodes
        .all()
        .some(
          ({ metadata, status }) => metadata?.name === node && (status?.conditions?.[0]?.status === 'True') === ready,
        ) || undefined,
    { timeoutMs: 10_000, intervalMs: 20 },
  );

beforeEach(async () => {
  server = await startWatchServer();
  putNode('a', true, 0);
  putNode('b', false, 0);
  for (const node of ['a', 'b']) putPod(0, node);
  watches = await watchAll(server.api, 'shop');
  ends = recordPodEnds(watches, () => true);
});
afterEach(async () => {
  watches[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const crash = 'crashed: its container ended with exit code 255 (Unknown)';
const lost = (node: string) => `web-on-${node} node-lost: node ${node} was not ready, and started it again`;

test('what a lost node starts again when it is back is put down to it, and what ends later is not', async () => {
  putNode('a', false, 10);
  await heardOf('a', false);
  putNode('a', true, 30);
  await heardOf('a', true);
  putPod(1, 'a', 29);
  putPod(2, 'a', 31);
  expect(await until(2)).toEqual([lost('a'), `web-on-a ${crash}`]);
});

test('what is started again before its node is heard of as back is put down to it', async () => {
  putNode('a', false, 10);
  await heardOf('a', false);
  putPod(1, 'a', 29);
  expect(await until(1)).toEqual([lost('a')]);
});

test('a node that is lost twice has both put down to it, with or without a record of the container', async () => {
  for (const second of [10, 30]) {
    putNode('a', false, second);
    await heardOf('a', false);
    putNode('a', true, second + 10);
    await heardOf('a', true);
    putPod(second / 10, 'a', second === 10 ? undefined : second + 9);
    await until(second === 10 ? 1 : 2);
  }
  expect(await until(2)).toEqual([lost('a'), lost('a')]);
});

test('a node that was never ready before was not lost, and what crashes there has crashed', async () => {
  putPod(1, 'b', 5);
  await until(1);
  putNode('b', true, 10);
  await heardOf('b', true);
  putPod(2, 'b', 9);
  expect(await until(2)).toEqual([`web-on-b ${crash}`, `web-on-b ${crash}`]);
});

const lowOnMemory = 'The node was low on resource: memory.';
const exited = (exitCode: number, reason: string) => [
  { name: 'web', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode, reason } } },
];
const byKubelet = { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: lowOnMemory };

test.each<[string, V1PodStatus, string]>([
  [
    'is evicted by the kubelet',
    { phase: 'Failed', reason: 'Evicted', conditions: [byKubelet] },
    `evicted: TerminationByKubelet: ${lowOnMemory}`,
  ],
  [
    'is evicted by a kubelet that writes no condition',
    { phase: 'Failed', reason: 'Evicted', message: lowOnMemory },
    `evicted: Evicted: ${lowOnMemory}`,
  ],
  [
    'has failed, and nobody says why',
    { phase: 'Failed', containerStatuses: exited(137, 'OOMKilled') },
    'crashed: its container ended with exit code 137 (OOMKilled)',
  ],
  [
    'has done its work',
    { phase: 'Succeeded', containerStatuses: exited(0, 'Completed') },
    'scaled-down: its containers had done what they were to do',
  ],
])('a pod that %s has ended, also while its object stays, and once', async (_, status, end) => {
  putEnded('web-2', { phase: 'Running' });
  putEnded('web-2', status);
  expect(await until(1)).toEqual([`web-2 ${end}`]);
  server.remove('/api/v1/namespaces/shop/pods', 'web-2');
  putPod(1, 'b', 5);
  expect(await until(2)).toEqual([`web-2 ${end}`, `web-on-b ${crash}`]);
});

test('a pod that is deleted, and fails for that, has not crashed', async () => {
  const status = { phase: 'Failed', containerStatuses: exited(143, 'Error') };
  putEnded('web-2', status, { deletionTimestamp: new Date(at(5)) });
  expect(await until(1)).toEqual(['web-2 scaled-down: it was deleted, by its ReplicaSet or by hand']);
});

test('what had ended before has no end when its object goes', async () => {
  putEnded('web-2', { phase: 'Failed', reason: 'Evicted', message: lowOnMemory });
  await until(1);
  ends = recordPodEnds(watches, () => true);
  server.remove('/api/v1/namespaces/shop/pods', 'web-2');
  putPod(1, 'b', 5);
  expect(await until(1)).toEqual([`web-on-b ${crash}`]);
});
