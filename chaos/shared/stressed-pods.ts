import { busySeconds } from '../../src/model/facets.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { aimAtPods } from './aim-at-pods.ts';
import { memoryFiles, memoryOf, processFiles, secondsOf } from './pod-reading.ts';
import type { HowMany } from './strike-pods.ts';

type On = FacetsOf<'kubernetes-api'>;

/** How the programs are called by which tools take CPU and memory. */
const isStress = (name: string): boolean => /^(stress-ng|memStress)/.test(name);
/** Of the wish: tools take no memory after they have started, and what the shop uses goes up and down. */
const nearlyRatio = 0.9;
const mebibyte = 1024 ** 2;

/**
 * What shows that a program of a tool keeps cores of a pod's container busy.
 * @throws where nothing in the pod can tell
 */
export async function watchStress({ kubernetes }: On, pod: string): Promise<() => Promise<string | undefined>> {
  const ask = async () => secondsOf(await kubernetes.read(pod, processFiles), isStress);
  await ask();
  return async () => {
    const seconds = await ask();
    return seconds >= busySeconds ? `a program in pod ${pod} has used ${seconds} s of CPU time` : undefined;
  };
}

/** Aims at pods in all of which as much memory can be taken so that a share of their limits is in use, and says what shows that. */
export const aimAtMemory = <Order>(
  strike: { kind: string; howMany: HowMany },
  on: On & FacetsOf<'node-inventory'>,
  share: number,
  orderOf: (pods: string[], mebibytes: number) => Order,
) =>
  aimAtPods(strike, on, async (pods) => {
    const mebibytes = await memoryToTake(on, pods, share);
    if (typeof mebibytes === 'string') return mebibytes;
    return { order: orderOf(pods, mebibytes), looks: pods.map((pod) => watchMemory(on, pod, share)) };
  });

/** How much memory may be taken in all of some pods so that a share of their limits is in use, in whole MiB; or why not, in words. */
async function memoryToTake({ kubernetes }: On, pods: readonly string[], share: number): Promise<number | string> {
  const left: number[] = [];
  for (const pod of pods) {
    const memory = memoryOf(await kubernetes.read(pod, memoryFiles));
    if (memory === null) return `nothing limits the memory of pod ${pod}, and what is taken would be the node's`;
    left.push(Math.floor((share * memory.limitBytes - memory.usedBytes) / mebibyte));
  }
  const least = Math.min(...left);
  return least > 0
    ? least
    : `${Math.round(share * 100)} % of the memory of pod ${pods[left.indexOf(least)]} is in use already`;
}

/** What shows that so much of a pod's memory is in use. */
const watchMemory =
  ({ kubernetes }: On, pod: string, share: number) =>
  async (): Promise<string | undefined> => {
    const memory = memoryOf(await kubernetes.read(pod, memoryFiles));
    const ratio = memory === null ? 0 : memory.usedBytes / memory.limitBytes;
    return ratio >= share * nearlyRatio
      ? `${Math.round(ratio * 100)} % of the memory of pod ${pod} is in use`
      : undefined;
  };
