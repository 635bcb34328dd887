import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { createNamespace } from './namespace.ts';
import { deleteNamespace } from './tear-down.ts';

const path = '/api/v1/namespaces/tenfold-run-1';
const theirs = { [path]: { metadata: { name: 'tenfold-run-1', labels: { team: 'shop' } } } };
const run = { namespace: 'tenfold-run-1', runId: 'run-1' };

test('a namespace of that name that is there already is neither used nor deleted', async () => {
  await using kube = await testKubeApi(theirs);
  await expect(createNamespace(kube.api, run)).rejects.toThrow('there is a namespace tenfold-run-1 already');
  await expect(deleteNamespace(kube.api, run)).rejects.toThrow("is not run run-1's: it is left as it is");
  expect(kube.objects.get(path)).toEqual(theirs[path]);
});

test('a run’s own is made with its label and restricted Pod Security, and goes again', async () => {
  await using kube = await testKubeApi({});
  await createNamespace(kube.api, run);
  expect(kube.objects.get(path)).toMatchObject({
    metadata: { labels: { 'tenfold.dev/run': 'run-1', 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  await deleteNamespace(kube.api, run);
  expect(kube.objects.has(path)).toBe(false);
  // Twice does no harm.
  await deleteNamespace(kube.api, run);
});
