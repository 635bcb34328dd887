import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods, servingContainers } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh } from '../shared/custom-resource-way.ts';
import { watchForRestart } from '../shared/pod-evidence.ts';
import type { HowMany } from '../shared/strike-pods.ts';

/** A PodChaos kills the containers that serve, by the runtime of their nodes. Proven when they have been started again. */
export const byChaosMesh = (strike: { kind: string; howMany: HowMany }): Way =>
  byObjectOfChaosMesh({
    kind: strike.kind,
    plural: 'podchaos',
    requires: ['node-inventory'],
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: killContainers(on.chaosMesh.namespace, pods, servingContainers(on, pods)),
        looks: pods.map((pod) => watchForRestart(on, { name: pod })),
      })),
  });

/** The object that kills containers of pods. */
export const killContainers = (
  namespace: string,
  pods: readonly string[],
  containerNames: readonly string[],
): ChaosMeshObject => ({
  kind: 'PodChaos',
  spec: { action: 'container-kill', containerNames, mode: 'all', selector: { pods: { [namespace]: pods } } },
});
