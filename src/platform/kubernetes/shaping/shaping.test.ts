import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { type TestKubeApi, testKubeApi } from '../../../../tests/support/test-kube-api.ts';
import { relaxing, undoPodSecurity } from './pod-security.ts';
import { shapingOf, undoShaping } from './shaping.ts';

const runId = 'run-1';
const level = 'pod-security.kubernetes.io/enforce';
const namespacePath = '/api/v1/namespaces/shop';
const podPath = `${namespacePath}/pods/web-1`;
const pod = (spec: Partial<V1Pod['spec']> = {}) => ({
  metadata: { name: 'web-1', namespace: 'shop' },
  spec: { nodeName: 'node1', containers: [{ name: 'web' }], ...spec },
});
const namespace = (labels: Record<string, string>) => ({ [namespacePath]: { metadata: { name: 'shop', labels } } });
const ours = namespace({ 'tenfold.dev/run': runId, [level]: 'restricted' });
const theirs = namespace({ [level]: 'restricted' });

const shaping = ({ api, place }: TestKubeApi, pods: V1Pod[]) =>
  shapingOf(api, { image: 'network:1', namespace: 'shop', pods: { all: () => pods }, place });
const wish = { degradation: { lossRatio: 0.05 }, runId, lastsMs: 30_000 };
const labelOf = ({ objects }: TestKubeApi) =>
  (objects.get(namespacePath) as { metadata: { labels: Record<string, string> } }).metadata.labels[level];
const containersOf = ({ objects }: TestKubeApi) => (objects.get(podPath) as unknown as V1Pod).spec?.ephemeralContainers;

test.each([
  ['it has the network of its node', pod({ hostNetwork: true }), /pod web-1 has the network of its node/],
  ['it shares its processes', pod({ shareProcessNamespace: true }), /pod web-1 shares its processes/],
  ['it is gone', null, /some of the pods are there no more/],
])('a pod is refused where %s', async (_, found, message) => {
  await using kube = await testKubeApi(theirs);
  expect(await shaping(kube, found ? [found] : []).degrade(['web-1'], wish)).toMatch(message);
});

test("Pod Security of a run's own namespace is relaxed for the moment in which the container is added, by a journalled change", async () => {
  await using kube = await testKubeApi({ ...ours, [podPath]: pod() });
  const change = await shaping(kube, [pod()]).degrade(['web-1'], wish);
  if (typeof change === 'string') throw new Error(change);
  expect(change.undo).toMatchObject({ namespace: 'shop', pods: '["web-1"]', former: 'restricted' });
  expect(containersOf(kube)).toBeUndefined();
  await change.make();
  expect(containersOf(kube)).toMatchObject([
    {
      name: 'tenfold-run-1',
      image: 'network:1',
      securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
    },
  ]);
  expect(labelOf(kube)).toBe('restricted');
  expect(kube.asked.filter((one) => one.startsWith(`PATCH ${namespacePath}?`))).toHaveLength(2);
});

test("that of somebody else's namespace is left as it is, and what it refuses is told before anything is added", async () => {
  await using kube = await testKubeApi({ ...theirs, [podPath]: pod() });
  const { signal } = new AbortController();
  const willChange = () => {
    throw new Error('nothing is to be changed');
  };
  expect(await shaping(kube, [pod()]).rehearse(['web-1'], { ...wish, willChange, signal })).toEqual([
    expect.stringMatching(/pod web-1 takes no ephemeral container: violates PodSecurity "restricted:latest"/),
  ]);
  expect([containersOf(kube), labelOf(kube)]).toEqual([undefined, 'restricted']);
});

test('a dead drill’s namespace gets its Pod Security back, twice, and not what somebody has changed since', async () => {
  await using kube = await testKubeApi(ours);
  const relax = await relaxing(kube.api, kube.place, { namespace: 'shop', runId });
  if (!relax) throw new Error('it is the run’s own');
  await relax.during(async () => {
    expect(labelOf(kube)).toBe('privileged');
    for (const _ of ['once', 'twice']) await undoPodSecurity(JSON.parse(JSON.stringify(relax.undo)));
    expect(labelOf(kube)).toBe('restricted');
  });
  kube.objects.set(namespacePath, Object.values(namespace({ 'tenfold.dev/run': runId, [level]: 'baseline' }))[0] ?? {});
  await undoPodSecurity(relax.undo);
  expect(labelOf(kube)).toBe('baseline');
});

test('one whose time is over has proven nothing, and nothing is asked of it', async () => {
  await using kube = await testKubeApi(ours);
  const change = await shaping(kube, [{ ...pod(), status: ended() } as V1Pod]).degrade(['web-1'], wish);
  if (typeof change === 'string') throw new Error(change);
  expect(await change.evidence()).toBeUndefined();
  expect(kube.asked.filter((one) => one.includes('exec'))).toEqual([]);
});

test.each([
  ['its pod is gone', {}],
  ['it has ended', { [podPath]: { ...pod({ ephemeralContainers: [{ name: 'tenfold-run-1' }] }), status: ended() } }],
  ['it never came', { [podPath]: pod() }],
])('for a drill that has died nothing is left to do where %s', async (_, objects) => {
  await using kube = await testKubeApi({ ...ours, ...objects });
  const change = await shaping(kube, [pod()]).degrade(['web-1'], wish);
  if (typeof change === 'string') throw new Error(change);
  await undoShaping(JSON.parse(JSON.stringify(change.undo)));
  expect(labelOf(kube)).toBe('restricted');
});

function ended() {
  return { ephemeralContainerStatuses: [{ name: 'tenfold-run-1', state: { terminated: { exitCode: 0 } } }] };
}
