import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { V1Pod } from '@kubernetes/client-node';
import { afterEach, expect, test } from 'vitest';
import { type TestKubeApi, testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { waitFor } from '../../runtime/clock.ts';
import { pressureOn, undoPressure } from './pressure.ts';

const runId = `${process.pid}-pressure`;

const pod = (limits?: Record<string, string>): V1Pod => ({
  metadata: { name: 'web-1', namespace: 'shop' },
  spec: { containers: [{ name: 'web', ...(limits && { resources: { limits } }) }] },
});

/** How many processes of this machine are marked as the run's. */
const running = (): number =>
  readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(`TENFOLD_HOG=${runId}`);
    } catch {
      return false;
    }
  }).length;

const cpu = { pressure: { of: 'cpu', cores: 1 }, runId, lastsMs: 60_000 } as const;

async function pressed(kube: TestKubeApi, wish: Parameters<typeof pressureOn>[3] = cpu) {
  const change = await pressureOn(kube.api, kube.place, [pod({ memory: '64Mi' })], wish);
  if (typeof change === 'string') throw new Error(change);
  return change;
}

let kube: TestKubeApi;
afterEach(async () => {
  await (await pressed(kube)).takeBack((words) => expect.unreachable(words));
  await kube[Symbol.asyncDispose]();
});

test('a core is kept busy, which the kernel shows, until it is taken back', async () => {
  kube = await testKubeApi({}, { runsHere: true });
  const change = await pressed(kube);
  expect(change.evidence()).toBeUndefined();
  await change.make();
  const proof = await waitFor('evidence', () => change.evidence(), { timeoutMs: 20_000, intervalMs: 50 });
  expect(proof).toMatch(/^a process in pod web-1 has used \d\.\d+ s of CPU time$/);
  await change.takeBack((words) => expect.unreachable(words));
  expect(running()).toBe(0);
  await change.takeBack((words) => expect.unreachable(words));
});

test('what merely knows the namespace of the run, as the shop does, is left alone', async () => {
  kube = await testKubeApi({}, { runsHere: true });
  const env = { ...process.env, NAMESPACE: `tenfold-${runId}`, TENFOLD_RUN: runId };
  const shop = spawn('sleep', ['60'], { stdio: 'ignore', env });
  const change = await pressed(kube);
  await change.make();
  await change.takeBack((words) => expect.unreachable(words));
  expect(running()).toBe(0);
  expect(shop).toMatchObject({ exitCode: null, signalCode: null });
  shop.kill();
});

test('it ends by itself after its time', async () => {
  kube = await testKubeApi({}, { runsHere: true });
  await (await pressed(kube, { ...cpu, lastsMs: 5_000 })).make();
  expect(running()).toBe(1);
  await waitFor('it to end', () => running() === 0 || undefined, { timeoutMs: 30_000, intervalMs: 50 });
});

test('what a dead drill has started is ended by what its journal holds, also twice', async () => {
  kube = await testKubeApi({}, { runsHere: true });
  const change = await pressed(kube);
  await change.make();
  expect(running()).toBe(1);
  const undo = JSON.parse(JSON.stringify(change.undo));
  for (const _ of ['once', 'twice']) await undoPressure(undo);
  expect(running()).toBe(0);
});

test('memory is taken from nothing without a limit, neither of the pod nor of the kernel', async () => {
  kube = await testKubeApi({}, { runsHere: true });
  const wish = { pressure: { of: 'memory', share: 0.8 }, runId, lastsMs: 60_000 } as const;
  expect(await pressureOn(kube.api, kube.place, [pod()], wish)).toMatch(/container of web-1 has no memory limit/);
  // This machine is no container of 64 MiB.
  const change = await pressed(kube, wish);
  await expect(change.make()).rejects.toThrow(
    /nothing can be taken in pod web-1: the kernel does not hold the container to its memory limit/,
  );
  expect(running()).toBe(0);
});
