import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { kubernetesTarget } from './kubernetes-target.ts';
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

const whole = {
  ...version('36'),
  ...apis,
  ...storageClass,
  ...node('n1', 'a'),
  ...node('n2', 'b'),
  ...node('n3', 'c'),
};

test('a cluster that has all is fit', async () => {
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

test('what may not be looked at is told by the rights that are missing', async () => {
  await using kube = await testKubeApi(whole, { mayAll: true, mayNot: ['list storageclasses', 'list nodes'] });
  expect(await unfitFor(kube.api, settings, signal)).toEqual([
    expect.stringMatching(/^you may not list nodes; list storageclasses\.storage\.k8s\.io\. This role would do:/),
  ]);
});

const withInstruments = { ...settings, images: { ...settings.images, k6: 'k6:1', sentinel: 'sentinel:1' } };

test('there is one role for the platform, the fault, and what k6 and the sentinel need in pods', async () => {
  await using kube = await testKubeApi(whole);
  const [problem = '', ...others] = await unfitFor(kube.api, withInstruments, signal, ['create pods/exec']);
  expect(others).toEqual([]);
  expect(problem.match(/kind: ClusterRole/g)).toHaveLength(1);
  for (const part of ['[pods/log], verbs: [get]', '[pods/exec], verbs: [create]', '[priorityclasses], verbs: [get'])
    expect(problem).toContain(part);
});

test('where the nodes may not be listed, an inventory tells all rights that are missing', async () => {
  await using kube = await testKubeApi(whole, { mayAll: true, mayNot: ['list nodes', 'create pods', 'get pods'] });
  const { kubeconfig, context } = kube.place;
  const target = await kubernetesTarget({ settings: { ...withInstruments, kubeconfig, context }, folder: '/' }, []);
  const error = await target.inventory({ rights: ['create pods/exec'] }).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ exitCode: exitCodes.invalid });
  expect((error as Error).message).toMatch(
    /^you may not list nodes; get, create pods; get, create pods\/portforward; create pods\/eviction; get pods\/log; create pods\/exec\./,
  );
});
