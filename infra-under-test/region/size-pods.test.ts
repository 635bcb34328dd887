import { expect, test } from 'vitest';
import type { PodView } from './compute/pod-record.ts';
import { constants } from './constants.ts';
import { sizeByFirstTraffic, warmPods } from './size-pods.ts';

const pod = (cores: number | null, ready = true) => ({ ready, cores }) as PodView;

/** What pods are sized to by what is seen of them at each look; null where they never are. */
async function sizedBy(looks: PodView[][]): Promise<number | null> {
  let [size, look]: [number | null, number] = [null, 0];
  const controller = {
    pods: () => looks[look++] as PodView[],
    sizePods: (cores: number) => {
      size = cores;
    },
  };
  const lifetime = {
    get isEnding() {
      return look >= looks.length;
    },
  };
  await sizeByFirstTraffic(controller, lifetime, 0);
  return size;
}

const seconds = (count: number, ...cores: (number | null)[]): PodView[][] =>
  Array.from({ length: count * 2 }, () => cores.map((one) => pod(one)));

test('a pod requests so much that the first steady traffic uses its share of it', async () => {
  const size = await sizedBy([...seconds(10, 0.002, 0.002), ...seconds(2, 0.03, 0.04), ...seconds(9, 0.06, 0.08)]);
  expect(size).toBeCloseTo(0.07 / constants.shareAtFirstTraffic);
});

test.each([
  ['nobody asks for anything', seconds(30, 0.003, 0.002)],
  ['the use of a pod is unknown', seconds(30, 0.06, null)],
  ['the traffic grows', Array.from({ length: 30 }, (_, look) => [pod(0.02 * 1.2 ** look)])],
  ['a pod is not ready', Array.from({ length: 30 }, () => [pod(0.06), pod(0.06, false)])],
])('pods are not sized while %s', async (_, looks) => {
  expect(await sizedBy(looks)).toBeNull();
});

test('a region that is ended meanwhile waits for no pod', async () => {
  const gone = { name: 'shop-1', baseUrl: 'http://127.0.0.1:1' } as PodView;
  const throwIfEnding = () => {
    throw new Error('the region was stopped');
  };
  await expect(warmPods({ pods: () => [gone] }, { throwIfEnding })).rejects.toThrow('the region was stopped');
});
