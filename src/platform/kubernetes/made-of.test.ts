import { describe, expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { nodesMadeOf, workloadMadeOf } from './made-of.ts';

const labels = { app: 'shop' };
const pod = (name: string, imageID: string) => ({
  metadata: { name, namespace: 'shop', labels },
  spec: { nodeName: 'node1' },
  status: { containerStatuses: [{ name: 'web', image: 'registry.example/web:1', imageID }] },
});
const deployment = ({ replicas = 3, cpu = '100m', restartedAt = '' } = {}) => ({
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels, annotations: { restartedAt } },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:1', resources: { requests: { cpu } } }] },
    },
  },
});
const node = (name: string, zone: string, kubeletVersion = 'v1.36.3') => ({
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone, 'node.kubernetes.io/instance-type': 'm7g.large' } },
  status: { nodeInfo: { kubeletVersion, osImage: 'Linux' } },
});
const pooled = (label: string, pool: string, type = 'm7g.large', some: { zone?: string; arch?: string } = {}) => {
  const { metadata, status } = node('node1', some.zone ?? 'a');
  const labels = {
    ...metadata.labels,
    'node.kubernetes.io/instance-type': type,
    'kubernetes.io/arch': some.arch ?? 'arm64',
    'karpenter.sh/capacity-type': type === 'm7g.large' ? 'on-demand' : 'spot',
    [label]: pool,
  };
  return { metadata: { ...metadata, labels }, status };
};
type Objects = Parameters<typeof testKubeApi>[0];

async function madeOf(objects: Objects): Promise<Record<string, string>> {
  await using kube = await testKubeApi(objects);
  return {
    ...(await workloadMadeOf(kube.api, { namespace: 'shop', labels })),
    ...(await nodesMadeOf(kube.api)),
  };
}

const shop = (change: Objects = {}): Objects => ({
  '/api/v1/namespaces/shop/pods/web-1': pod('web-1', 'sha256:1'),
  '/apis/apps/v1/namespaces/shop/deployments/web': deployment(),
  '/api/v1/nodes/node1': node('node1', 'a'),
  '/api/v1/nodes/node2': node('node2', 'b'),
  ...change,
});

test('a shop is made of its images by their digests, of what is wanted of its pods, and of kinds of nodes', async () => {
  expect(await madeOf(shop())).toEqual({
    'image of web': 'sha256:1',
    workloads: expect.stringMatching(/^sha256 [0-9a-f]{16}$/),
    scaling: expect.stringMatching(/^sha256 /),
    nodes: expect.stringMatching(/^sha256 /),
  });
});

test.each([
  ['how many pods there are', { '/apis/apps/v1/namespaces/shop/deployments/web': deployment({ replicas: 9 }) }],
  ['a restart', { '/apis/apps/v1/namespaces/shop/deployments/web': deployment({ restartedAt: 'today' }) }],
  ['another pod', { '/api/v1/namespaces/shop/pods/web-2': pod('web-2', 'sha256:1') }],
  ['another node of a kind', { '/api/v1/nodes/node3': node('node3', 'a') }],
])('%s makes no other shop of it', async (_, change) => {
  expect(await madeOf(shop(change))).toEqual(await madeOf(shop()));
});

test.each([
  ['image of web', { '/api/v1/namespaces/shop/pods/web-1': pod('web-1', 'sha256:2') }],
  ['workloads', { '/apis/apps/v1/namespaces/shop/deployments/web': deployment({ cpu: '1' }) }],
  [
    'scaling',
    {
      '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web': {
        metadata: { name: 'web' },
        spec: { minAvailable: 2 },
      },
    },
  ],
  ['nodes', { '/api/v1/nodes/node1': node('node1', 'a', 'v1.37.0') }],
])('another %s does', async (name, change) => {
  const [was, is] = [await madeOf(shop()), await madeOf(shop(change))];
  expect(Object.keys(is).filter((one) => was[one] !== is[one])).toEqual([name]);
});

describe.each(['karpenter.sh/nodepool', 'eks.amazonaws.com/nodegroup', 'cloud.google.com/gke-nodepool'])(
  'a node with the label %s',
  (label) => {
    const made = async (one: Objects[string]) => await madeOf(shop({ '/api/v1/nodes/node1': one }));

    test('is of the same kind with another type, zone and capacity', async () => {
      expect(await made(pooled(label, 'general', 'c7g.xlarge', { zone: 'c' }))).toEqual(
        await made(pooled(label, 'general')),
      );
    });

    test.each([
      ['another pool', pooled(label, 'other')],
      ['another architecture', pooled(label, 'general', 'm7g.large', { arch: 'amd64' })],
      ['no pool', node('node1', 'a')],
    ])('is of another kind with %s', async (_, other) => {
      expect((await made(other)).nodes).not.toBe((await made(pooled(label, 'general'))).nodes);
    });
  },
);
