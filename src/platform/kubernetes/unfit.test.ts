import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { unfitFor } from './unfit.ts';

const settings: ClusterSettings = {
  context: 'test',
  images: { storefront: 'registry.example/storefront:7' },
  redis: true,
  reach: 'load-balancer',
  podNetwork: false,
  healthChecks: false,
  timeScale: 1,
  peakPods: 6,
};
const { signal } = new AbortController();

const node = (name: string, zone: string) => ({
  [`/api/v1/nodes/${name}`]: {
    metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  },
});
const version = (minor: string) => ({ '/version': { major: '1', minor, gitVersion: `v1.${minor}.0` } });
const storageClass = {
  '/apis/storage.k8s.io/v1/storageclasses/local': {
    metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  },
};
const apis = {
  '/apis/postgresql.cnpg.io/v1/clusters/any': {},
  '/apis/metrics.k8s.io/v1beta1/pods/any': {},
};

test('a cluster that has all is fit', async () => {
  const whole = {
    ...version('36'),
    ...apis,
    ...storageClass,
    ...node('n1', 'a'),
    ...node('n2', 'b'),
    ...node('n3', 'c'),
  };
  await using kube = await testKubeApi(whole, { mayAll: true });
  expect(await unfitFor(kube.api, settings, signal, ['patch nodes'])).toEqual([]);
});

test('all that is missing is told at once: version, rights of the fault too, APIs, zones, storage', async () => {
  await using kube = await testKubeApi({ ...version('29'), ...node('n1', 'a'), ...node('n2', 'a') });
  const problems = await unfitFor(kube.api, settings, signal, ['create pods/exec', 'list services in kube-system']);
  for (const part of [
    /it is Kubernetes 1\.29; 1\.30 or later is needed/,
    /kind: ClusterRole[\s\S]*\[pods\/exec\], verbs: \[create\][\s\S]*kind: Role[\s\S]*namespace: kube-system/,
    /CloudNativePG is not installed/,
    /there is no metrics API/,
    /on-demand nodes are in 1 zones \(a\), and the database needs 3/,
    /there is no default storage class/,
  ])
    expect(problems).toContainEqual(expect.stringMatching(part));
  expect(problems).toHaveLength(6);
});
