import type { CoreV1Event, KubernetesObject, V1EndpointSlice, V1Lease, V1Node, V1Pod } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWatchServer } from '../../../tests/support/watch-server.ts';
import type { Sighting } from '../../model/sightings.ts';
import { nowMs, waitFor } from '../../runtime/clock.ts';
import { recordSightings } from './sightings.ts';
import { type Watches, watchAll } from './watches.ts';

const workload = { namespace: 'shop', labels: { app: 'storefront' } };
const paths = {
  nodes: '/api/v1/nodes',
  pods: '/api/v1/namespaces/shop/pods',
  events: '/api/v1/namespaces/shop/events',
  leases: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
  slices: '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices',
};
/** As the API writes instants: over the wire they are text. */
type Wire<T> = T extends Date ? Date | string : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

let server: Awaited<ReturnType<typeof startWatchServer>>;
let watches: Watches;
let seen: readonly Sighting[];

const put = <T extends KubernetesObject>(path: string, object: Wire<T>) =>
  server.put(path, JSON.parse(JSON.stringify(object)));
const steps = () => seen.map(({ step, of }) => `${step} ${of}`);
const until = (count: number) =>
  waitFor(`${count} sightings`, async () => seen.length >= count || undefined, { timeoutMs: 10_000, intervalMs: 20 });

const condition = (type: string, status: string, at: string) => ({ type, status, lastTransitionTime: at });
const node = (name: string, ready: string, at: string): Wire<V1Node> => ({
  metadata: { name },
  status: { conditions: [condition('Ready', ready, at)] },
});
const lease = (name: string, renewTime: string): Wire<V1Lease> => ({
  metadata: { name, namespace: 'kube-node-lease' },
  spec: { leaseDurationSeconds: 12, renewTime },
});
const pod = (name: string, more: Wire<Partial<V1Pod>> = {}, labels = workload.labels): Wire<V1Pod> => ({
  spec: { nodeName: 'n1', containers: [{ name: 'app' }, { name: 'side' }] },
  ...more,
  metadata: {
    namespace: 'shop',
    uid: `uid-${name}`,
    labels,
    creationTimestamp: '2026-11-28T10:00:40Z',
    ...more.metadata,
    name,
  },
});
const event = (name: string, reason: string, of: string, container: string): Wire<CoreV1Event> => ({
  metadata: { name, namespace: 'shop' },
  reason,
  firstTimestamp: '2026-11-28T10:00:42Z',
  involvedObject: { kind: 'Pod', name: of, uid: `uid-${of}`, fieldPath: `spec.containers{${container}}` },
});
const slice = (name: string, ready: boolean, serving = ready): Wire<V1EndpointSlice> => ({
  metadata: { name: 'storefront-1', namespace: 'shop' },
  addressType: 'IPv4',
  endpoints: [
    { addresses: ['10.0.0.1'], conditions: { ready, serving }, targetRef: { kind: 'Pod', uid: `uid-${name}` } },
  ],
});

beforeEach(async () => {
  server = await startWatchServer();
  put(paths.nodes, node('n1', 'True', '2026-11-28T09:00:00Z'));
  put(paths.leases, lease('n1', '2026-11-28T10:00:00.250000Z'));
  put(paths.pods, pod('old', { status: { conditions: [condition('Ready', 'True', '2026-11-28T09:00:00Z')] } }));
  put(paths.events, event('e0', 'Pulled', 'old', 'app'));
  watches = await watchAll(server.api, 'shop');
  seen = recordSightings(workload, watches);
});
afterEach(async () => {
  watches[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

test('a node was silent from its last lease on, which is told once it is not ready', async () => {
  const renewed = new Date(nowMs()).toISOString();
  put(paths.leases, lease('n1', renewed));
  await waitFor('the lease', async () => String(watches.leases.all()[0]?.spec?.renewTime) === renewed || undefined, {
    timeoutMs: 10_000,
    intervalMs: 20,
  });
  expect(seen).toEqual([]);
  const knownMs = nowMs();
  put(paths.nodes, node('n1', 'Unknown', '2026-11-28T10:00:20Z'));
  await until(2);
  const [silent, notReady] = seen;
  expect(silent).toMatchObject({ step: 'silent', of: 'n1', source: 'watch of leases', toldMs: Date.parse(renewed) });
  expect(silent?.atMs).toBeLessThanOrEqual(knownMs);
  expect(notReady).toMatchObject({
    step: 'not-ready',
    source: 'watch of nodes',
    toldMs: Date.parse('2026-11-28T10:00:20Z'),
  });
  expect(notReady?.atMs).toBeGreaterThanOrEqual(knownMs);
});

test('what other watches tell of a pod before its own does is not lost', async () => {
  for (const container of ['app', 'side']) put(paths.events, event(`e-${container}`, 'Pulled', 'new', container));
  put(paths.slices, slice('new', true));
  await waitFor(
    'both',
    async () => (watches.events.all().length === 3 && watches.endpointSlices.all().length === 1) || undefined,
    {
      timeoutMs: 10_000,
      intervalMs: 20,
    },
  );
  put(paths.pods, pod('new'));
  await until(3);
  expect(steps()).toEqual(['created new', 'image new', 'endpoint new']);
});

test('each step of a pod is told once, at its arrival, with the time of the API; what was before is not told', async () => {
  put(
    paths.pods,
    pod('old', { metadata: { deletionTimestamp: '2026-11-28T10:01:09Z', deletionGracePeriodSeconds: 30 } }),
  );
  await until(1);
  expect(seen[0]).toMatchObject({ step: 'evicted', of: 'old', node: 'n1', toldMs: Date.parse('2026-11-28T10:00:39Z') });

  put(paths.pods, pod('new', { spec: { containers: [{ name: 'app' }, { name: 'side' }] } }));
  const scheduled = condition('PodScheduled', 'True', '2026-11-28T10:00:41Z');
  put(paths.pods, pod('new', { status: { conditions: [scheduled] } }));
  await until(3);
  put(paths.events, event('e1', 'Pulled', 'new', 'app'));
  put(paths.events, event('e2', 'Started', 'new', 'app'));
  put(paths.events, event('e3', 'Pulled', 'new', 'side'));
  await until(4);
  const running = {
    state: { running: { startedAt: '2026-11-28T10:00:43Z' } },
    name: 'app',
    image: 'a',
    imageID: 'a',
    ready: true,
    restartCount: 0,
  };
  const conditions = [scheduled, condition('Ready', 'True', '2026-11-28T10:00:48Z')];
  put(paths.slices, slice('new', true, false));
  put(paths.pods, pod('new', { status: { conditions, containerStatuses: [running, { ...running, name: 'side' }] } }));
  await until(6);
  put(paths.slices, slice('new', true));
  await until(7);
  put(paths.slices, slice('new', false));
  put(paths.slices, slice('new', true));
  server.remove(paths.pods, 'old');
  put(paths.pods, pod('other', {}, { app: 'database' }));
  server.remove(paths.pods, 'new');
  await until(8);
  expect(steps()).toEqual([
    'evicted old',
    'created new',
    'scheduled new',
    'image new',
    'started new',
    'ready new',
    'endpoint new',
    'evicted new',
  ]);
  expect(seen[3]).toMatchObject({ source: 'event Pulled', node: 'n1', toldMs: Date.parse('2026-11-28T10:00:42Z') });
  expect(seen[6]).toMatchObject({ source: 'watch of EndpointSlices', toldMs: null });
  expect(seen.every(({ atMs }) => Math.abs(atMs - nowMs()) < 30_000)).toBe(true);
});
