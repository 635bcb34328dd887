import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods, servingContainers } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh, execRights } from '../shared/custom-resource-way.ts';
import { goDuration } from '../shared/duration.ts';
import { memoryToTake, watchMemory } from '../shared/stressed-pods.ts';
import type { HowMany } from '../shared/strike-pods.ts';

interface Memory {
  kind: string;
  howMany: HowMany;
  share: number;
  lastsMs: number;
}

/**
 * A StressChaos runs memStress in the cgroups of the containers that serve. It takes as much in each of them: what the fullest one has left
 * to the share. Proven by what the kernel says is in use.
 */
export const byChaosMesh = ({ share, lastsMs, ...strike }: Memory): Way =>
  byObjectOfChaosMesh({
    kind: strike.kind,
    plural: 'stresschaos',
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => {
        const mebibytes = await memoryToTake(on, pods, share);
        if (typeof mebibytes === 'string') return mebibytes;
        const { namespace } = on.chaosMesh;
        return {
          order: takeMemory({ namespace, pods, containerNames: servingContainers(on, pods), mebibytes, lastsMs }),
          looks: pods.map((pod) => watchMemory(on, pod, share)),
        };
      }),
  });

interface Order {
  namespace: string;
  pods: readonly string[];
  containerNames: readonly string[];
  mebibytes: number;
  lastsMs: number;
}

/** The object that takes memory in containers of pods. */
export const takeMemory = ({ namespace, pods, containerNames, mebibytes, lastsMs }: Order): ChaosMeshObject => ({
  kind: 'StressChaos',
  spec: {
    mode: 'all',
    selector: { pods: { [namespace]: pods } },
    containerNames,
    // Whether its MB are MiB or a little less, it is never more.
    stressors: { memory: { workers: 1, size: `${mebibytes}MB` } },
    duration: goDuration(lastsMs),
  },
});
