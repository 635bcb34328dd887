import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../../tests/support/test-kube-api.ts';
import { chaosMesh, injectedWords, type MeshObject } from './chaos-mesh.ts';

const life: MeshObject['status'][] = JSON.parse(
  readFileSync(new URL('../../../../fixtures/chaos-mesh/life.json', import.meta.url), 'utf8'),
);

/** What is said of an object in each part of its life. */
const saidOf = (status: MeshObject['status']): string => {
  try {
    return injectedWords({ kind: 'NetworkChaos', metadata: { name: 'cut' }, ...(status && { status }) });
  } catch (error) {
    return `not: ${(error as Error).message}`;
  }
};

test('the life of an object: only while all of it is injected that is evidence, and else it is told why not', () => {
  expect(life.map(saidOf)).toEqual([
    'not: Chaos Mesh has not looked at NetworkChaos cut',
    'not: Chaos Mesh has found no pod for NetworkChaos cut',
    'not: Chaos Mesh fails at NetworkChaos cut: shop/db-1: unable to flush ip sets for pod db-1',
    'not: Chaos Mesh has injected NetworkChaos cut in 1 of 2',
    'Chaos Mesh has injected NetworkChaos cut',
    'not: NetworkChaos cut is over',
  ]);
  expect(saidOf({ conditions: [{ type: 'Paused', status: 'True' }] })).toBe(
    'not: somebody has paused NetworkChaos cut',
  );
});

const folder = '/apis/chaos-mesh.org/v1alpha1/namespaces/shop';
const manager = (variables: Record<string, string> = {}, readyReplicas = 3) => ({
  '/apis/apps/v1/namespaces/mesh/deployments/chaos-controller-manager': {
    spec: {
      template: {
        spec: {
          containers: [{ name: 'a', env: Object.entries(variables).map(([name, value]) => ({ name, value })) }],
        },
      },
    },
    status: { readyReplicas },
  },
});
const daemon = (numberReady = 6) => ({
  '/apis/apps/v1/namespaces/mesh/daemonsets/chaos-daemon': { status: { numberReady } },
});
const shop = (annotations: Record<string, string> = {}) => ({
  '/api/v1/namespaces/shop': { metadata: { name: 'shop', annotations } },
});
const kill = { kind: 'PodChaos', spec: { action: 'pod-kill' } } as const;
const cut = { kind: 'NetworkChaos', spec: { action: 'partition' } } as const;

test.each([
  ['nothing acts on its objects', {}, kill, /no pod of Chaos Mesh's chaos-controller-manager is ready/],
  ['its controller is down', manager({}, 0), kill, /no pod of Chaos Mesh's chaos-controller-manager is ready/],
  [
    'it is for another namespace',
    manager({ CLUSTER_SCOPED: 'false', TARGET_NAMESPACE: 'lab' }),
    kill,
    /acts in namespace lab alone, and not in shop: install it with clusterScoped: true/,
  ],
  [
    'the namespace does not allow it',
    manager({ ENABLE_FILTER_NAMESPACE: 'true' }),
    kill,
    /kubectl annotate namespace shop chaos-mesh.org\/inject=enabled/,
  ],
  ['no daemon is ready', { ...manager(), ...daemon(0) }, cut, /no pod of Chaos Mesh's chaos-daemon is ready/],
])('it is told before the load where %s', async (_, objects, object, message) => {
  await using kube = await testKubeApi({ ...shop(), ...objects });
  const ordered = await chaosMesh(kube.api, kube.place, 'shop').order(object, 'RUN-1');
  expect(ordered).toEqual({ problems: [expect.stringMatching(message)] });
});

test.each([
  ['pods are killed without the daemon', { ...manager(), ...shop() }, kill],
  [
    'its namespace is the one it acts in',
    { ...manager({ CLUSTER_SCOPED: 'false', TARGET_NAMESPACE: 'shop' }), ...shop() },
    kill,
  ],
  [
    'its namespace allows it',
    { ...manager({ ENABLE_FILTER_NAMESPACE: 'true' }), ...shop({ 'chaos-mesh.org/inject': 'enabled' }), ...daemon() },
    cut,
  ],
])('%s: the object is tried, created with the label of the run, told of, and deleted', async (_, objects, object) => {
  await using kube = await testKubeApi(objects);
  const ordered = await chaosMesh(kube.api, kube.place, 'shop').order(object, 'RUN-1');
  if ('problems' in ordered) throw new Error(ordered.problems.join());
  const { change } = ordered;
  const path = `${folder}/${object.kind.toLowerCase()}/${change.undo.name}`;
  expect(kube.objects.has(path)).toBe(false);
  expect(kube.asked.at(-1)).toMatch(/^POST .*dryRun=All.*fieldValidation=Strict/);
  await change.make();
  expect(kube.objects.get(path)).toMatchObject({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    ...object,
    metadata: { namespace: 'shop', labels: { 'tenfold.dev/run': 'RUN-1' } },
  });
  await expect(change.evidence()).rejects.toThrow(/has not looked at/);
  Object.assign(kube.objects.get(path) ?? {}, { status: life[4] });
  expect(await change.evidence()).toMatch(/^Chaos Mesh has injected .* tenfold-run-1-\w{4}$/);
  await change.takeBack((words) => expect.unreachable(words));
  expect(kube.objects.has(path)).toBe(false);
  await expect(change.evidence()).rejects.toThrow(/somebody has deleted/);
});
