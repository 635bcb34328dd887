import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { MemoryPressure } from '../memory-pressure.ts';
import { servingContainers } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh } from '../shared/custom-resource-way.ts';
import { type Stressed, stressChaos } from '../shared/stress-chaos.ts';
import { aimAtMemory } from '../shared/stressed-pods.ts';

/**
 * A StressChaos runs memStress in the cgroups of the containers that serve. It takes as much in each of them: what the fullest one has left
 * to the share. Proven by what the kernel says is in use.
 */
export const byChaosMesh = ({ share, lastsMs, ...strike }: MemoryPressure & { kind: string }): Way =>
  byObjectOfChaosMesh({
    kind: strike.kind,
    plural: 'stresschaos',
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtMemory(strike, on, share, (pods, mebibytes) =>
        takeMemory({
          namespace: on.chaosMesh.namespace,
          pods,
          containerNames: servingContainers(on, pods),
          mebibytes,
          lastsMs,
        }),
      ),
  });

/** The object that takes memory in containers of pods. Whether its MB are MiB or a little less, it is never more. */
export const takeMemory = ({ mebibytes, ...stressed }: Stressed & { mebibytes: number }): ChaosMeshObject =>
  stressChaos(stressed, { memory: { workers: 1, size: `${mebibytes}MB` } });
