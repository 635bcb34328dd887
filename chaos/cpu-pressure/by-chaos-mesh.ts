import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods, servingContainers } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh, execRights } from '../shared/custom-resource-way.ts';
import { goDuration } from '../shared/duration.ts';
import { watchStress } from '../shared/stressed-pods.ts';
import type { HowMany } from '../shared/strike-pods.ts';

interface Cpu {
  kind: string;
  howMany: HowMany;
  cores: number;
  lastsMs: number;
}

/** A StressChaos runs stress-ng in the cgroups of the containers that serve. Proven by the CPU time that it has used there. */
export const byChaosMesh = ({ cores, lastsMs, ...strike }: Cpu): Way =>
  byObjectOfChaosMesh({
    kind: strike.kind,
    plural: 'stresschaos',
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: takeCpu({
          namespace: on.chaosMesh.namespace,
          pods,
          containerNames: servingContainers(on, pods),
          cores,
          lastsMs,
        }),
        looks: await Promise.all(pods.map((pod) => watchStress(on, pod))),
      })),
  });

interface Order {
  namespace: string;
  pods: readonly string[];
  containerNames: readonly string[];
  cores: number;
  lastsMs: number;
}

/** The object that keeps cores busy in containers of pods. */
export const takeCpu = ({ namespace, pods, containerNames, cores, lastsMs }: Order): ChaosMeshObject => ({
  kind: 'StressChaos',
  spec: {
    mode: 'all',
    selector: { pods: { [namespace]: pods } },
    containerNames,
    stressors: { cpu: { workers: cores, load: 100 } },
    duration: goDuration(lastsMs),
  },
});
