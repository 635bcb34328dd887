import { expect, test } from 'vitest';
import type { PodView } from './compute/pod-record.ts';
import { measurePodSize } from './size-pods.ts';
import { startCompute } from './test/compute.ts';

const lifetime = { throwIfEnding: () => {} };

/** The CPU request of a pod that does this much work per request. */
async function sizeWith(rounds: number): Promise<number> {
  await using compute = await startCompute();
  await compute.startNode('local-1a-1');
  compute.deploy(1, rounds);
  await compute.readyPods(1);
  return await measurePodSize(compute.controller, lifetime);
}

test('a pod requests what its requests cost on this machine', async () => {
  const idle = await sizeWith(0);
  const busy = await sizeWith(300_000);
  expect(idle).toBeGreaterThan(0);
  expect(busy).toBeGreaterThan(1.5 * idle);
});

test('a region that is ended meanwhile waits for no pod', async () => {
  const gone = { name: 'shop-1', baseUrl: 'http://127.0.0.1:1', cpuMs: 0 } as PodView;
  const throwIfEnding = () => {
    throw new Error('the region was stopped');
  };
  await expect(measurePodSize({ pods: () => [gone] }, { throwIfEnding })).rejects.toThrow('the region was stopped');
});
