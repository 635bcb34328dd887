import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestKubeApi, testKubeApi } from '../../../../tests/support/test-kube-api.ts';
import type { SentinelOrder } from '../../../model/facets.ts';
import type { Undo } from '../../../model/fault.ts';
import { waitFor } from '../../../runtime/clock.ts';
import { sentinelFacet } from './sentinel-place.ts';

const namespace = '/api/v1/namespaces/tenfold-r1-sentinel';
const job = '/apis/batch/v1/namespaces/tenfold-r1-sentinel/jobs/sentinel';
const node = (name: string, zone: string, ready = 'True', more = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  spec: more,
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
const pod = (nodeName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'sentinel-x', namespace: 'tenfold-r1-sentinel' },
  spec: { nodeName, containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

let kube: TestKubeApi;
const seen = { lines: [] as string[], undos: [] as Undo[], undone: 0 };
beforeEach(async () => {
  Object.assign(seen, { lines: [], undos: [], undone: 0 });
  kube = await testKubeApi({
    '/api/v1/nodes/node1': node('node1', 'z1'),
    '/api/v1/nodes/node2': node('node2', 'z2'),
    [`${namespace}/pods/sentinel-x`]: pod('node2'),
  });
  kube.logs.set(`${namespace}/pods/sentinel-x`, '2026-11-28T19:00:00Z 0 {"a":1}\n2026-11-28T19:00:01Z 1 end\n');
});
afterEach(async () => await kube[Symbol.asyncDispose]());

const order = (more: Partial<SentinelOrder> = {}): SentinelOrder => ({
  runId: 'r1',
  zone: 'z2',
  spec: '{"lanes":[]}',
  authorities: undefined,
  secrets: {},
  atMostMs: 900_000,
  willChange: (undo) => {
    // Before anything is there.
    expect(kube.objects.has(namespace)).toBe(false);
    seen.undos.push(undo);
    return () => {
      seen.undone += 1;
    };
  },
  signal: new AbortController().signal,
  progress: () => {},
  onLine: (line) => seen.lines.push(line),
  ...more,
});

function start(more: Partial<SentinelOrder> = {}) {
  const shop = { namespace: 'shop', labels: { app: 'storefront' } };
  const { sentinel } = sentinelFacet(kube.api, { images: { sentinel: 'registry.example/sentinel:1' } }, shop);
  if (!sentinel) throw new Error('there is no place');
  return sentinel.start(order(more));
}

test('without an image there is no place for it', () => {
  expect(sentinelFacet(kube.api, { images: {} }, { namespace: 'shop', labels: {} })).toEqual({});
});

test('it runs in the zone that was asked for, with no rights, and what it writes comes line by line', async () => {
  {
    await using started = await start({ secrets: { TOKEN: 'hush' } });
    expect(started).toMatchObject({ name: 'sentinel-x', node: 'node2', zone: 'z2' });
    const { spec } = kube.objects.get(job) as { spec: { activeDeadlineSeconds: number; template: { spec: object } } };
    expect(spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 900 });
    expect(spec.template.spec).toMatchObject({
      nodeSelector: { 'topology.kubernetes.io/zone': 'z2' },
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'sentinel',
          args: ['/app/sentinel.mjs', '/tenfold/sentinel.json'],
          resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '256Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    });
    expect(JSON.stringify(kube.objects.get(job))).not.toContain('hush');
    await waitFor('its log', () => seen.lines.length === 2 || undefined, { timeoutMs: 3_000, intervalMs: 20 });
    expect(seen.lines).toEqual(['0 {"a":1}', '1 end']);
    expect(seen.undos).toMatchObject([
      { kind: expect.any(String), namespace: 'tenfold-r1-sentinel', runId: 'r1', isAlone: true },
    ]);
    expect(seen.undos[0]?.expiresAtMs).toBeGreaterThan(Date.now());
    expect(seen.undone).toBe(0);
  }
  expect(kube.objects.has(namespace)).toBe(false);
  expect(seen.undone).toBe(1);
});

test('in any zone, it is bound to none', async () => {
  await using _ = await start({ zone: null });
  expect(JSON.stringify(kube.objects.get(job))).not.toContain('nodeSelector');
});

test.each([
  ['is as before', node('node2', 'z2'), null],
  ['is not ready', node('node2', 'z2', 'Unknown'), 'node node2 is not ready'],
  [
    'is out of service',
    node('node2', 'z2', 'True', { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] }),
    'node node2 lets no pod stay (node.kubernetes.io/out-of-service)',
  ],
  ['is gone', undefined, 'node node2 is gone'],
])('of a node that %s it is told', async (_, after, said) => {
  await using started = await start();
  if (after) kube.objects.set('/api/v1/nodes/node2', after);
  else kube.objects.delete('/api/v1/nodes/node2');
  expect(await started.nodeLost()).toBe(said);
});

test('what is too much for a ConfigMap is refused before anything is written down', async () => {
  const starting = start({ spec: 'x'.repeat(900_000) });
  await expect(starting).rejects.toThrow(/the spec and what it reads take 1\.2 MB, and a ConfigMap holds 1 MB/);
  expect(seen.undos).toEqual([]);
});
