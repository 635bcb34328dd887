import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import type { FaultContext } from '../src/model/fault.ts';
import { clusterFacet } from '../src/platform/kubernetes/cluster-facet.ts';
import { watchAll } from '../src/platform/kubernetes/watches.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { startWatchServer } from '../tests/support/watch-server.ts';
import { byKubernetes as podKill } from './pod-kill/by-kubernetes.ts';

const workload = { namespace: 'shop', labels: { app: 'web' } };
const conditions = [{ type: 'Ready', status: 'True' }];
const node: V1Node = { metadata: { name: 'node-1', uid: 'node-1' }, status: { conditions } };
const pod: V1Pod = {
  metadata: { name: 'web-1', namespace: 'shop', uid: 'web-1', labels: workload.labels },
  spec: { nodeName: 'node-1', containers: [] },
  status: { phase: 'Running', conditions },
};

let server: Awaited<ReturnType<typeof startWatchServer>>;
let stack: DisposableStack;
let killed: string[];
let context: FaultContext;

/** A shop of one pod, watched, and an API server that has just been lost. */
beforeEach(async () => {
  server = await startWatchServer();
  stack = new DisposableStack();
  server.put('/api/v1/nodes', node);
  server.put('/api/v1/namespaces/shop/pods', pod);
  const watches = stack.use(await watchAll(server.api, 'shop'));
  const cluster = stack.use(clusterFacet(server.api, workload, watches, null));
  killed = [];
  context = {
    platform: testPlatform({ cluster, kubernetes: testHands({ kill: async (pod) => void killed.push(pod) }) }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange: () => () => {},
    signal: new AbortController().signal,
  };
  await server.away();
  const isLost = () =>
    cluster.inventory().then(
      () => undefined,
      () => true,
    );
  await waitFor('it to be known', isLost, { timeoutMs: 10_000, intervalMs: 20 });
});
afterEach(async () => {
  stack.dispose();
  await server[Symbol.asyncDispose]();
});

const onePod = podKill({ kind: 'pod-kill', howMany: { pods: 1 } });

test('an API server that is back within seconds is waited for, and what it tells then is hit', async () => {
  const injected = onePod.inject(context);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(killed).toEqual([]);
  await server.back();
  await injected;
  expect(killed).toEqual(['web-1']);
});

test('one that stays away leaves the drill inconclusive, with what to do', async () => {
  await expect(onePod.inject(context)).rejects.toMatchObject({
    message: expect.stringMatching(/^nothing has been heard of the API server for \d+\.\d s$/),
    exitCode: exitCodes.inconclusive,
    hint: expect.stringContaining('see whether it is up'),
  });
  expect(killed).toEqual([]);
});

test('a drill that is ended does not wait for it', async () => {
  const over = new AbortController();
  setTimeout(() => over.abort(new Error('somebody ended it')), 300);
  await expect(onePod.inject({ ...context, signal: over.signal })).rejects.toThrow('somebody ended it');
});
