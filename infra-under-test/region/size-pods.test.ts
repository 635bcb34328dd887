import { expect, test } from 'vitest';
import { constants } from './constants.ts';
import { measurePodSize } from './size-pods.ts';
import { startCompute } from './test/compute.ts';

const lifetime = { throwIfEnding: () => {} };

/** What pods request that use so much CPU time for a request. */
async function sizeWith(burnMs: number): Promise<number> {
  await using compute = await startCompute();
  await compute.startNode('local-1a-1');
  compute.deploy(2, burnMs);
  await compute.readyPods(2);
  return await measurePodSize(compute.controller, lifetime);
}

test('a pod requests what its requests cost on this machine', async () => {
  const coresPerMs = constants.requestsPerSecondAtTarget / 1_000 / constants.autoscaling.targetRatio;
  const [cheap, dear] = [await sizeWith(1), await sizeWith(5)];
  expect(cheap).toBeGreaterThan(coresPerMs);
  // Both have the same costs beside what they burn, more or less as the machine is.
  expect((dear - cheap) / coresPerMs).toBeGreaterThan(3);
  expect((dear - cheap) / coresPerMs).toBeLessThan(6);
});

test('a region that is ended meanwhile measures no further', async () => {
  await using compute = await startCompute();
  await compute.startNode('local-1a-1');
  compute.deploy(1);
  await compute.readyPods(1);
  const ended = new Error('the region was stopped');
  const throwIfEnding = () => {
    throw ended;
  };
  await expect(measurePodSize(compute.controller, { throwIfEnding })).rejects.toBe(ended);
});
