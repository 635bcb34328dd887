import type { ChaosMeshObject } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh } from '../shared/custom-resource-way.ts';
import { watchForEnd } from '../shared/pod-evidence.ts';
import type { HowMany } from '../shared/strike-pods.ts';

/** A PodChaos deletes the pods with a grace of 0. Proven when they are no longer there. */
export const byChaosMesh = (strike: { kind: string; howMany: HowMany }): Way =>
  byObjectOfChaosMesh({
    kind: strike.kind,
    plural: 'podchaos',
    requires: ['node-inventory'],
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: killPods(on.chaosMesh.namespace, pods),
        looks: pods.map((pod) => watchForEnd(on, { name: pod })),
      })),
  });

/** The object that kills pods. */
export const killPods = (namespace: string, pods: readonly string[]): ChaosMeshObject => ({
  kind: 'PodChaos',
  spec: { action: 'pod-kill', gracePeriod: 0, mode: 'all', selector: { pods: { [namespace]: pods } } },
});
