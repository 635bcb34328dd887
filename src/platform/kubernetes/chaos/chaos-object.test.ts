import { expect, test } from 'vitest';
import { testKubeApi } from '../../../../tests/support/test-kube-api.ts';
import { undoChaosObject } from './chaos-object.ts';
import { chaosToolsOn } from './chaos-tools.ts';

const folder = '/apis/chaos-mesh.org/v1alpha1/namespaces/shop/podchaos';
const objectOf = (name: string, runId: string, finalizers: string[] = []) => ({
  [`${folder}/${name}`]: { metadata: { name, labels: { 'tenfold.dev/run': runId }, finalizers } },
});
const at = { group: 'chaos-mesh.org', version: 'v1alpha1', plural: 'podchaos', namespace: 'shop', results: '' };

test('a dead drill’s object is deleted, and one of somebody else’s is not', async () => {
  await using kube = await testKubeApi({ ...objectOf('ours', 'run-1'), ...objectOf('theirs', 'run-2') });
  const undo = { kind: 'kubernetes-chaos-object', ...kube.place, ...at, runId: 'run-1' };
  const left: string[] = [];
  for (const name of ['ours', 'theirs', 'gone', 'ours'])
    await undoChaosObject({ ...undo, name }, (words) => left.push(words));
  expect(left).toEqual(["podchaos theirs in shop is no longer the run's, by its label"]);
  expect([...kube.objects.keys()].filter((path) => path.startsWith(folder))).toEqual([`${folder}/theirs`]);
});

test('it is undone only once what it broke is mended: its finalizer is gone then', async () => {
  await using kube = await testKubeApi(objectOf('ours', 'run-1', ['chaos-mesh/records']));
  let isUndone = false;
  const undo = { kind: 'x', ...kube.place, ...at, runId: 'run-1', name: 'ours' };
  const undoing = undoChaosObject(undo, (words) => expect.unreachable(words)).then(() => {
    isUndone = true;
  });
  await expect
    .poll(() => kube.objects.get(`${folder}/ours`))
    .toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
    });
  expect(isUndone).toBe(false);
  kube.objects.delete(`${folder}/ours`);
  await undoing;
});

test('a cluster has what it has the API of, in the version that is known', async () => {
  await using kube = await testKubeApi({
    ...objectOf('any', 'run-1'),
    '/apis/litmuschaos.io/v2/namespaces/shop/chaosengines/any': {},
  });
  expect(await chaosToolsOn(kube.api)).toEqual(['chaos-mesh']);
});
