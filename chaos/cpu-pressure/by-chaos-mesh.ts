import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { CpuPressure } from '../cpu-pressure.ts';
import { aimAtPods, servingContainers } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh } from '../shared/custom-resource-way.ts';
import { type Stressed, stressChaos } from '../shared/stress-chaos.ts';
import { watchStress } from '../shared/stressed-pods.ts';

/** A StressChaos runs stress-ng in the cgroups of the containers that serve. Proven by the CPU time that it has used there. */
export const byChaosMesh = ({ cores, lastsMs, ...strike }: CpuPressure & { kind: string }): Way =>
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

/** The object that keeps cores busy in containers of pods. */
export const takeCpu = ({ cores, ...stressed }: Stressed & { cores: number }): ChaosMeshObject =>
  stressChaos(stressed, { cpu: { workers: cores, load: 100 } });
