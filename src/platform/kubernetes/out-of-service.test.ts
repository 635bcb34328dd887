import type { V1Node, V1Taint } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { isOutOfService, outOfService, undoTaint } from './out-of-service.ts';

const path = '/api/v1/nodes/node-1';
const slow: V1Taint = { key: 'example.org/slow', effect: 'NoSchedule' };
const node = (taints?: V1Taint[]) => ({
  metadata: { name: 'node-1', resourceVersion: '7' },
  spec: taints ? { taints } : {},
});

test.each([
  ['none', undefined],
  ['another', [slow]],
])('a node with %s is put out of service, and into service again', async (_, taints) => {
  await using kube = await testKubeApi({ [path]: node(taints) });
  const change = outOfService(kube.api, kube.place, 'node-1', 'run-1');
  await change.make();
  const tainted = kube.objects.get(path) as V1Node;
  expect(tainted.spec?.taints).toHaveLength((taints?.length ?? 0) + 1);
  expect(isOutOfService(tainted)).toBe(true);
  await change.takeBack((words) => expect.unreachable(words));
  await change.takeBack((words) => expect.unreachable(words));
  expect(kube.objects.get(path)).toEqual(node(taints ?? []));
});

test('a dead drill’s taint is taken away, and one of somebody else’s is not', async () => {
  await using kube = await testKubeApi({ [path]: node() });
  const { undo, make } = outOfService(kube.api, kube.place, 'node-1', 'run-1');
  await make();
  await undoTaint({ ...JSON.parse(JSON.stringify(undo)), value: 'tenfold-run-2' });
  expect(isOutOfService(kube.objects.get(path) as V1Node)).toBe(true);
  await undoTaint(JSON.parse(JSON.stringify(undo)));
  expect(isOutOfService(kube.objects.get(path) as V1Node)).toBe(false);
  kube.objects.delete(path);
  await undoTaint(undo);
});
