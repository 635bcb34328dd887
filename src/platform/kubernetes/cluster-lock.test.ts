import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { InUse } from '../../model/errors.ts';
import type { WillChange } from '../../model/fault.ts';
import { isHeld, lockCluster, undoLease } from './cluster-lock.ts';

const nowMs = Date.UTC(2026, 10, 27);
const lease = (pid: number, host: string, renewedMsAgo: number) => ({
  spec: {
    holderIdentity: `drill r1 (process ${pid} of ann on ${host})`,
    leaseDurationSeconds: 60,
    renewTime: new Date(nowMs - renewedMsAgo).toISOString() as never,
  },
});

test('a lease that was renewed is held, by whatever machine', () => {
  expect(isHeld(lease(process.ppid, hostname(), 1_000), nowMs)).toBe(true);
  expect(isHeld(lease(1, 'elsewhere', 59_000), nowMs)).toBe(true);
});

test('one that ran out, or whose process here is gone or this one, is not', () => {
  expect(isHeld(lease(process.pid, hostname(), 1_000), nowMs)).toBe(false);
  expect(isHeld(lease(1, 'elsewhere', 61_000), nowMs)).toBe(false);
  expect(isHeld(lease(2 ** 22 + 1, hostname(), 1_000), nowMs)).toBe(false);
  expect(isHeld({ spec: {} }, nowMs)).toBe(false);
});

const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/tenfold-drill';
const leaseOf = (holderIdentity: string) => ({
  [path]: {
    metadata: { name: 'tenfold-drill', uid: 'uid-1', resourceVersion: '1' },
    spec: {
      holderIdentity,
      leaseDurationSeconds: 60,
      acquireTime: '2026-11-28T22:00:00.000000Z',
      renewTime: new Date().toISOString(),
    },
  },
});

/** A journal that notes what becomes of the one change. */
function journal() {
  const log: string[] = [];
  const willChange: WillChange = ({ kind, isLock }) => {
    log.push(`${kind}${isLock ? ', a lock' : ''}`);
    return () => void log.push('undone');
  };
  return { log, willChange };
}

test('how to let go of it is written down before it is taken, and done once it is let go', async () => {
  await using kube = await testKubeApi({});
  const { log, willChange } = journal();
  const lock = await lockCluster(kube.api, { runId: 'run-1', willChange, onLost: () => {}, undoLeft: async () => {} });
  expect(kube.objects.get(path)).toMatchObject({
    spec: { holderIdentity: expect.stringMatching(/^drill run-1 /), acquireTime: expect.anything() },
  });
  expect(log).toEqual(['kubernetes-lease, a lock']);
  await lock[Symbol.asyncDispose]();
  expect(log.at(-1)).toBe('undone');
});

test('one that somebody else holds is refused, with whom and since when, and there is nothing to undo', async () => {
  await using kube = await testKubeApi(leaseOf('drill r1 (process 1 of ann on elsewhere)'));
  const { log, willChange } = journal();
  const options = { runId: 'run-1', willChange, onLost: () => {}, undoLeft: async () => {} };
  const error = await lockCluster(kube.api, options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InUse);
  expect((error as InUse).message).toBe('drill r1 (process 1 of ann on elsewhere) is using the cluster test');
  expect((error as InUse).sinceMs).toBe(Date.UTC(2026, 10, 28, 22));
  expect(log.at(-1)).toBe('undone');
});

test('what dead drills of this machine left on the cluster is undone before their lease is ours', async () => {
  await using kube = await testKubeApi(leaseOf(`drill r1 (process ${2 ** 22 + 1} of ann on ${hostname()})`));
  const { willChange } = journal();
  const undone: unknown[] = [];
  const undoLeft = async (details: Readonly<Record<string, string>>) => {
    undone.push(details);
    const holder = String((kube.objects.get(path) as { spec: { holderIdentity: string } }).spec.holderIdentity);
    await undoLease({ kind: 'kubernetes-lease', ...kube.place, holder });
  };
  await using _lock = await lockCluster(kube.api, { runId: 'run-1', willChange, onLost: () => {}, undoLeft });
  expect(undone).toEqual([{ clusterUid: kube.place.clusterUid }]);
  expect(kube.objects.get(path)).toMatchObject({ spec: { holderIdentity: expect.stringMatching(/^drill run-1 /) } });
});

test('where that fails, the lease stays as it is', async () => {
  const dead = `drill r1 (process ${2 ** 22 + 1} of ann on ${hostname()})`;
  await using kube = await testKubeApi(leaseOf(dead));
  const { willChange } = journal();
  const undoLeft = () => Promise.reject(new Error('node n1 is still off'));
  const options = { runId: 'run-1', willChange, onLost: () => {}, undoLeft };
  await expect(lockCluster(kube.api, options)).rejects.toThrow('node n1 is still off');
  expect(kube.objects.get(path)).toMatchObject({ spec: { holderIdentity: dead } });
});

test('that of a drill that has died is deleted at once, and another drill’s is not', async () => {
  await using kube = await testKubeApi(leaseOf('drill r1'));
  const undo = { kind: 'kubernetes-lease', ...kube.place, isLock: true } as const;
  await undoLease({ ...undo, holder: 'drill r2' });
  expect(kube.objects.has(path)).toBe(true);
  await undoLease({ ...undo, holder: 'drill r1' });
  expect(kube.objects.has(path)).toBe(false);
  await undoLease({ ...undo, holder: 'drill r1' });
});
