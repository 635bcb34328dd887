import type { V1Deployment, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { clusterInventory, clusterProblems, gapsOf } from './attached-cluster.ts';

const labels = { app: 'cart' };
const budget: V1PodDisruptionBudget = { spec: { selector: { matchLabels: labels } } };

/** A deployment that lacks nothing, but for what a test takes away. */
const deployment = ({ name = 'cart', replicas = 3, container = {}, pod = {} } = {}): V1Deployment => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [{ name: 'cart', readinessProbe: {}, resources: { requests: { cpu: '100m' } }, ...container }],
        tolerations: [{ key: 'node.kubernetes.io/unreachable', tolerationSeconds: 30 }],
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
        ],
        ...pod,
      },
    },
  },
});

test('a deployment that is ready for a drill lacks nothing', () => {
  expect(gapsOf([deployment()], [budget])).toEqual([]);
});

test.each([
  ['one replica', deployment({ replicas: 1 }), [budget], /One replica.*: cart\./],
  ['no readiness probe', deployment({ container: { readinessProbe: undefined } }), [budget], /No readiness probe/],
  ['no CPU request', deployment({ container: { resources: {} } }), [budget], /No CPU/],
  ['no spread', deployment({ pod: { topologySpreadConstraints: undefined } }), [budget], /Not spread/],
  ['the usual patience with a node that is lost', deployment({ pod: { tolerations: [] } }), [budget], /five minutes/],
  ['no budget', deployment(), [], /No disruption budget/],
  [
    'a budget of others',
    deployment(),
    [{ spec: { selector: { matchLabels: { app: 'shipping' } } } }],
    /No disruption budget/,
  ],
])('%s is told', (_, found, budgets, message) => {
  expect(gapsOf([found], budgets)).toEqual([expect.stringMatching(message)]);
});

test('what several lack is told once, with their names', () => {
  const all = [deployment({ replicas: 1 }), deployment({ name: 'mail', replicas: 1 }), deployment({ name: 'search' })];
  expect(gapsOf(all, [{ spec: { selector: { matchLabels: labels } } }])).toEqual([
    'One replica, so its node takes all of it along: cart, mail.',
  ]);
});

const { signal } = new AbortController();
const namespace = (phase: string) => ({
  '/api/v1/namespaces/shop': { metadata: { name: 'shop' }, status: { phase } },
});
const cartPod = { '/api/v1/namespaces/shop/pods/cart-1': { metadata: { name: 'cart-1', namespace: 'shop', labels } } };
const cartDeployment = { '/apis/apps/v1/namespaces/shop/deployments/cart': { ...deployment() } };

test.each([
  ['its namespace is being deleted', namespace('Terminating'), ['the namespace shop of test is being deleted']],
  ['its namespace is not there', {}, ['test has no namespace shop (cluster.namespace)']],
  [
    'nothing has the labels of its pods',
    namespace('Active'),
    ['no pod in namespace shop has the labels app=cart (cluster.pods)'],
  ],
  [
    'no deployment says how many pods there should be',
    { ...namespace('Active'), ...cartPod },
    [expect.stringMatching(/belong to no deployment in shop/)],
  ],
  ['nothing is', { ...namespace('Active'), ...cartPod, ...cartDeployment }, []],
])('what is wrong is told before anything is started where %s', async (_, objects, problems) => {
  await using kube = await testKubeApi(objects, { mayAll: true });
  const { kubeconfig, context } = kube.place;
  const settings = { kubeconfig, context, namespace: 'shop', pods: labels, timeScale: 1, healthChecks: false };
  expect(await clusterProblems(settings, signal)).toEqual(problems);
});

const cnpg = (name: string) => ({
  [`/apis/postgresql.cnpg.io/v1/namespaces/shop/clusters/${name}`]: { metadata: { name, namespace: 'shop' } },
});

test.each([
  [
    'CloudNativePG is not installed',
    {},
    [
      'CloudNativePG is not installed on test, and cluster.cloudNativePg names a cluster of it: leave it out where the database is another one',
    ],
  ],
  [
    'its database has another name',
    cnpg('orders'),
    [
      'there is no CloudNativePG cluster db in namespace shop (cluster.cloudNativePg): name one of orders, or leave it out where the database is another one',
    ],
  ],
  ['its database is there', cnpg('db'), []],
])('what is wrong with its database is told before anything is started where %s', async (_, objects, problems) => {
  await using kube = await testKubeApi(
    { ...namespace('Active'), ...cartPod, ...cartDeployment, ...objects },
    { mayAll: true },
  );
  const { kubeconfig, context } = kube.place;
  const settings = { kubeconfig, context, namespace: 'shop', pods: labels, timeScale: 1, healthChecks: false };
  expect(await clusterProblems({ ...settings, cloudNativePg: 'db' }, signal)).toEqual(problems);
});

test('the rights of the fault are asked for together with those of every drill', async () => {
  await using kube = await testKubeApi({ ...namespace('Active'), ...cartPod, ...cartDeployment });
  const { kubeconfig, context } = kube.place;
  const settings = { kubeconfig, context, namespace: 'shop', pods: labels, timeScale: 1, healthChecks: false };
  const [problem, ...others] = await clusterProblems(settings, signal, ['create pods/exec', 'fis:StartExperiment']);
  expect(problem).toMatch(
    /name: tenfold, namespace: shop \}[\s\S]*\[pods\], verbs[\s\S]*\[pods\/exec\], verbs: \[create\]/,
  );
  expect(others).toEqual([]);
});

test.each(['list nodes', 'list pods', 'list deployments', 'list statefulsets'])(
  'where one may not %s, an inventory tells all rights that are missing, with their roles',
  async (right) => {
    await using kube = await testKubeApi(
      { ...namespace('Active'), ...cartPod, ...cartDeployment },
      { mayAll: true, mayNot: [right, 'create pods', 'get events'] },
    );
    const { kubeconfig, context } = kube.place;
    const settings = {
      ...{ kubeconfig, context, namespace: 'shop', pods: labels, timeScale: 1, healthChecks: false },
      cloudNativePg: 'db',
      images: { sentinel: 'sentinel:1' },
    };
    const error = (await clusterInventory(settings, ['create pods/exec']).catch((thrown: Error) => thrown)) as Error;
    const [missing] = error.message.split('\n');
    for (const part of [
      /^you may not /,
      right,
      'get events in shop',
      'create pods/exec in shop',
      'create pods/portforward;',
    ])
      expect(missing).toMatch(part);
    expect(error.message).toMatch(/kind: ClusterRole[\s\S]*kind: Role\nmetadata: \{ name: tenfold, namespace: shop \}/);
    expect(error).toMatchObject({ exitCode: exitCodes.invalid });
  },
);
