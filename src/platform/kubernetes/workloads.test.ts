import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { undoField } from './field-change.ts';
import { workloadsOf } from './workloads.ts';

const path = '/apis/apps/v1/namespaces/shop/deployments/web';
const probe = { httpGet: { path: '/readyz', port: 8080 }, periodSeconds: 5 };
const containersOf = (container: object): { name: string; readinessProbe?: object }[] => [
  { name: 'sidecar' },
  { name: 'web', readinessProbe: probe, ...container },
];
const deployment = ({ container = {}, status = {}, spec = {} }: Record<string, object> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'uid-1', generation: 3 },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: containersOf(container) },
    },
    ...spec,
  },
  status: { observedGeneration: 3, updatedReplicas: 3, ...status },
});

/** Of the API server: the drill's own are no news, nor are those of other fields. */
const fieldsV1 = { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'f:readinessProbe': {} } } } } };
const managedFields = [
  { manager: 'tenfold', operation: 'Update', time: '2026-11-28T22:01:00Z', fieldsV1 },
  { manager: 'kubectl-edit', operation: 'Update', time: '2026-11-28T22:00:00Z', fieldsV1 },
  { manager: 'kubectl-label', operation: 'Update', time: '2026-11-28T22:02:00Z', fieldsV1: { 'f:metadata': {} } },
  { manager: 'kube-controller-manager', operation: 'Update', subresource: 'status', fieldsV1 },
];

const nothingLeft = (words: string) => expect.unreachable(words);

/** The workloads of a namespace that has one deployment. */
async function setUp(object: object = deployment()) {
  const kube = await testKubeApi({ [path]: object as Record<string, unknown> });
  const pods: V1Pod[] = [];
  const workloads = workloadsOf(
    kube.api,
    { namespace: 'shop', labels: { app: 'web' } },
    { all: () => pods },
    kube.place,
  );
  const probeOf = () => {
    const found = kube.objects.get(path) as ReturnType<typeof deployment>;
    return found.spec.template.spec.containers[1]?.readinessProbe;
  };
  return { ...kube, pods, workloads, probeOf, [Symbol.asyncDispose]: () => kube[Symbol.asyncDispose]() };
}

const theFirst = async ({ workloads }: Awaited<ReturnType<typeof setUp>>) => {
  const [state] = await workloads.list();
  if (!state) throw new Error('there is none');
  return state;
};

const spoilt = async (shop: Awaited<ReturnType<typeof setUp>>) => {
  const change = await shop.workloads.rollOutUnready(await theFirst(shop));
  await change.make();
  return change;
};

test('a bad revision has a probe that fails, and is rolled back to the very revision before it', async () => {
  await using shop = await setUp();
  const change = await spoilt(shop);
  expect(shop.probeOf()).toMatchObject({ tcpSocket: { port: 1 } });
  await change.takeBack(nothingLeft);
  expect(shop.objects.get(path)).toEqual(deployment());
  // Twice does no harm.
  await change.takeBack(nothingLeft);
  expect(shop.objects.get(path)).toEqual(deployment());
});

test('a container without a readiness probe has none again', async () => {
  await using shop = await setUp(deployment({ container: { readinessProbe: undefined } }));
  const change = await spoilt(shop);
  await change.takeBack(nothingLeft);
  await change.takeBack(nothingLeft);
  expect(JSON.stringify(shop.objects.get(path))).not.toContain('readinessProbe');
});

test('a dead drill’s bad revision is rolled back by what its journal holds', async () => {
  await using shop = await setUp();
  const { undo } = await spoilt(shop);
  await undoField(JSON.parse(JSON.stringify(undo)), nothingLeft);
  expect(shop.probeOf()).toEqual(probe);
});

test.each([
  [
    'has rolled out another revision since',
    (now: ReturnType<typeof deployment>) => {
      now.spec.template.spec.containers[1] = { name: 'web', readinessProbe: { ...probe, periodSeconds: 1 } };
    },
    /readinessProbe of Deployment web in shop was changed during the drill \(by kubectl-edit, at 2026-11-28T22:00:00.000Z\); before it was \{"httpGet"/,
  ],
  [
    'has made it anew',
    (now: ReturnType<typeof deployment>) => {
      now.metadata.uid = 'uid-2';
    },
    /Deployment web in shop is another one than before the drill \(by kubectl-edit/,
  ],
])('where somebody %s, that is left as it is, and told', async (_, change, message) => {
  await using shop = await setUp();
  const { takeBack } = await spoilt(shop);
  const now = structuredClone(shop.objects.get(path)) as ReturnType<typeof deployment>;
  change(now);
  const metadata = { ...now.metadata, managedFields };
  shop.objects.set(path, { ...now, metadata });
  const left: string[] = [];
  await takeBack((words) => left.push(words));
  expect(shop.objects.get(path)).toEqual({ ...now, metadata });
  expect(left).toEqual([expect.stringMatching(message)]);
});

test.each([
  ['by itself is told', ['Deployment web in shop was deleted during the drill'], { name: 'shop' }],
  ['with its namespace is no news', [], undefined],
  ['before its namespace, which is on its way, is none either', [], { name: 'shop', deletionTimestamp: '2026-11-28' }],
])('a deployment that is gone %s', async (_, told, metadata) => {
  await using shop = await setUp();
  const { takeBack } = await spoilt(shop);
  shop.objects.delete(path);
  if (metadata) shop.objects.set('/api/v1/namespaces/shop', { metadata });
  const left: string[] = [];
  await takeBack((words) => left.push(words));
  expect(shop.objects.has(path)).toBe(false);
  expect(left).toEqual(told);
});

test.each([
  ['is paused', { spec: { paused: true } }, /paused/],
  ['is being rolled out', { status: { updatedReplicas: 2 } }, /under way/],
  ['has been changed just now', { status: { observedGeneration: 2 } }, /under way/],
])('one that %s is not settled', async (_, how, message) => {
  await using shop = await setUp(deployment(how));
  expect((await shop.workloads.list())[0]?.unsettled).toMatch(message);
});

test('the proof is a pod of the bad revision that runs and is not ready', async () => {
  await using shop = await setUp();
  const change = await spoilt(shop);
  const pod = (name: string, { started = true, ready = 'False', probe = shop.probeOf() } = {}): V1Pod => ({
    metadata: { name, labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', ...(probe && { readinessProbe: probe }) }] },
    status: {
      conditions: [{ type: 'Ready', status: ready }],
      containerStatuses: [{ name: 'web', started, ready: ready === 'True', image: '', imageID: '', restartCount: 0 }],
    },
  });
  shop.pods.push(pod('old', { probe }), pod('starting', { started: false }));
  expect(change.evidence()).toBeUndefined();
  shop.pods.push(pod('web-2'));
  expect(change.evidence()).toBe('pod web-2 of the new revision runs, and is not ready');
});

test('one that is scaled to zero gets its pods back, unless somebody has scaled it since', async () => {
  await using shop = await setUp();
  const replicas = () => (shop.objects.get(path) as ReturnType<typeof deployment>).spec.replicas;
  const change = await shop.workloads.scaleToZero(await theFirst(shop));
  await change.make();
  expect(replicas()).toBe(0);
  await undoField(JSON.parse(JSON.stringify(change.undo)), nothingLeft);
  expect(replicas()).toBe(3);
  await change.make();
  shop.objects.set(path, deployment({ spec: { replicas: 7 } }));
  const left: string[] = [];
  await change.takeBack((words) => left.push(words));
  expect(replicas()).toBe(7);
  expect(left).toEqual(['/spec/replicas of Deployment web in shop was changed during the drill; before it was 3']);
});

test('it is mended once as many pods as it had are ready, whatever is watched, or as many as it is scaled to by now', async () => {
  await using shop = await setUp();
  const change = await shop.workloads.scaleToZero(await theFirst(shop));
  await change.make();
  await change.takeBack(nothingLeft);
  expect(await change.mended?.()).toBe('0 of 3 pods of web are ready');
  shop.objects.set(path, deployment({ status: { readyReplicas: 2 } }));
  expect(await change.mended?.()).toBe('2 of 3 pods of web are ready');
  shop.objects.set(path, deployment({ spec: { replicas: 2 }, status: { readyReplicas: 2 } }));
  expect(await change.mended?.()).toBeUndefined();
  shop.objects.set(path, deployment({ spec: { replicas: 7 }, status: { readyReplicas: 3 } }));
  expect(await change.mended?.()).toBeUndefined();
  shop.objects.delete(path);
  expect(await change.mended?.()).toBeUndefined();
});

test('a stateful set is read as one', async () => {
  const redis = { ...deployment({ spec: { replicas: 1 } }), kind: 'StatefulSet' };
  const ofRedis = '/apis/apps/v1/namespaces/shop/statefulsets/web';
  await using kube = await testKubeApi({ [ofRedis]: redis });
  const workloads = workloadsOf(kube.api, { namespace: 'shop', labels: {} }, { all: () => [] }, kube.place);
  const [state] = await workloads.list();
  if (!state) throw new Error('there is none');
  const change = await workloads.scaleToZero(state);
  await change.make();
  await change.takeBack(nothingLeft);
  expect(await change.mended?.()).toBe('0 of 1 pods of web are ready');
  kube.objects.set(ofRedis, { ...redis, status: { readyReplicas: 1 } });
  expect(await change.mended?.()).toBeUndefined();
});

test('that it has no pods is proven by what is watched', async () => {
  await using shop = await setUp();
  const change = await shop.workloads.scaleToZero(await theFirst(shop));
  const labels = { app: 'web' };
  shop.pods.push({ metadata: { name: 'web-1', labels }, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  expect(change.evidence()).toBeUndefined();
  shop.pods.pop();
  expect(change.evidence()).toBe('no pod of web is ready any more');
});

test('what an operator runs is told: it would change it back', async () => {
  const owner = { apiVersion: 'v1', kind: 'RedisFailover', name: 'cache', uid: 'uid-9', controller: true };
  const owned = deployment();
  await using shop = await setUp({ ...owned, metadata: { ...owned.metadata, ownerReferences: [owner] } });
  expect((await theFirst(shop)).unsettled).toMatch(/RedisFailover cache runs it/);
});
