import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { networkRules, undoPolicy } from './database-cut.ts';

const folder = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
const labels = { app: 'web' };
const policy = (name: string, spec: object, metadata: object = {}) => ({
  [`${folder}/${name}`]: { metadata: { name, ...metadata }, spec },
});
const waysOut = { podSelector: { matchLabels: labels }, policyTypes: ['Egress'], egress: [{}] };

/** Ready, and with a label more than those that it is found by. */
const pod: V1Pod = {
  metadata: { name: 'web-1', namespace: 'shop', labels: { ...labels, tier: 'front' } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};
const saysWaysOut = /NetworkPolicy ways-out lets/;

test.each([
  ['another policy says what the shop reaches', policy('ways-out', waysOut), [pod], saysWaysOut],
  ['one without types does', policy('ways-out', { ...waysOut, policyTypes: undefined }), [pod], saysWaysOut],
  [
    'one does by another label of its pods',
    policy('ways-out', { ...waysOut, podSelector: { matchLabels: { tier: 'front' } } }),
    [pod],
    saysWaysOut,
  ],
  ['no pod is ready', {}, [{ ...pod, status: {} }], /no pod of the shop/],
])('it is refused where %s', async (_, objects, pods, message) => {
  await using kube = await testKubeApi(objects);
  const parts = { workload: { namespace: 'shop', labels }, database: 'db', pods: () => pods, place: kube.place };
  expect(await networkRules(kube.api, parts).cutFromDatabase('run-1')).toMatch(message);
});

test('a dead drill’s policy is deleted, and one of somebody else’s is not', async () => {
  const run = (id: string) => ({ labels: { 'tenfold.dev/run': id } });
  await using kube = await testKubeApi({
    ...policy('ours', waysOut, run('run-1')),
    ...policy('theirs', waysOut, run('run-2')),
  });
  const undo = { kind: 'kubernetes-policy', ...kube.place, namespace: 'shop', runId: 'run-1' };
  for (const name of ['ours', 'theirs', 'gone']) await undoPolicy({ ...undo, name });
  await undoPolicy({ ...undo, name: 'ours' });
  expect([...kube.objects.keys()].filter((path) => path.startsWith(folder))).toEqual([`${folder}/theirs`]);
});
