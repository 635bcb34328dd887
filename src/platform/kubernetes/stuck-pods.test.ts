import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { waitForPods } from './stuck-pods.ts';

const pod = (status: object) => ({
  '/api/v1/namespaces/shop/pods/web-1': { metadata: { name: 'web-1', namespace: 'shop' }, status },
});

/** Waits for pods of a namespace that has these objects. @returns why it was given up, and after how long */
async function waited(objects: Record<string, Record<string, unknown>>, timeoutMs: number) {
  await using kube = await testKubeApi(objects);
  const startMs = Date.now();
  const waiting = { api: kube.api, namespace: 'shop', timeoutMs, signal: new AbortController().signal };
  const error: unknown = await waitForPods('the shop', waiting, async () => '0 of 1 pods are ready').catch(
    (error: unknown) => error,
  );
  return { error, tookMs: Date.now() - startMs };
}

test('an image that cannot be pulled is given up within ten seconds, with the reason', async () => {
  const message = 'pull access denied for registry.example/web:7';
  const state = { waiting: { reason: 'ErrImagePull', message } };
  const { error, tookMs } = await waited(pod({ containerStatuses: [{ name: 'web', state }] }), 60_000);
  expect(error).toMatchObject({
    message: `pod web-1: ErrImagePull: ${message}; it will not start`,
    exitCode: exitCodes.invalid,
  });
  expect(tookMs).toBeLessThan(10_000);
}, 20_000);

test('pods that no node takes are waited for, and why is told', async () => {
  const message = '0/3 nodes are available: 3 Insufficient cpu.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  const { error } = await waited(pod({ phase: 'Pending', conditions }), 600);
  expect((error as Error).message).toContain(`0 of 1 pods are ready; pod web-1: ${message}`);
});

const exceeded = 'Error creating: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4';
const refusal = (lastTimestamp: string | null) => ({
  '/api/v1/namespaces/shop/events/e1': {
    metadata: { name: 'e1', namespace: 'shop', creationTimestamp: '2026-11-28T10:00:00Z' },
    reason: 'FailedCreate',
    involvedObject: { kind: 'ReplicaSet', name: 'web-7f', uid: 'uid-9' },
    message: exceeded,
    lastTimestamp,
  },
});
const madeAt = (creationTimestamp: string) => ({
  '/api/v1/namespaces/shop/pods/web-1': {
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      creationTimestamp,
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7f', uid: 'uid-9' }],
    },
  },
});

test('pods that a quota or a webhook keeps from being made are told by who would make them', async () => {
  const { error } = await waited(refusal(null), 600);
  expect((error as Error).message).toContain(`ReplicaSet web-7f: ${exceeded}`);
});

test('a quota that lets some of the pods through is told, until another one is made', async () => {
  const refused = refusal('2026-11-28T10:00:10Z');
  const some = await waited({ ...refused, ...madeAt('2026-11-28T10:00:09Z') }, 600);
  expect((some.error as Error).message).toContain(`ReplicaSet web-7f: ${exceeded}`);
  const more = await waited({ ...refused, ...madeAt('2026-11-28T10:00:11Z') }, 600);
  expect((more.error as Error).message).not.toContain('exceeded quota');
});
