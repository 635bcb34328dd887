import type { ChaosMeshObject, Degradation } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { DegradedPods } from '../network-degraded.ts';
import { aimAtPods } from '../shared/aim-at-pods.ts';
import { byObjectOfChaosMesh } from '../shared/custom-resource-way.ts';
import { goDuration } from '../shared/duration.ts';
import { percent, watchNetwork } from '../shared/watch-network.ts';

/**
 * A NetworkChaos delays, loses and narrows what the pods send, by `netem` on their nodes. Proven by connections that take their time, by
 * what is sent again, and by how much is sent.
 */
export const byChaosMesh = ({ degradation, lastsMs, ...strike }: DegradedPods): Way =>
  byObjectOfChaosMesh({
    kind: strike.kind,
    plural: 'networkchaos',
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: degrade({ namespace: on.chaosMesh.namespace, pods, degradation, lastsMs }),
        looks: await Promise.all(pods.map((pod) => watchNetwork(on, pod, degradation))),
      })),
  });

interface Order {
  namespace: string;
  pods: readonly string[];
  degradation: Degradation;
  lastsMs: number;
}

/** The object that degrades the network of pods. */
export const degrade = ({ namespace, pods, degradation, lastsMs }: Order): ChaosMeshObject => {
  const { delayMs, jitterMs = 0, lossRatio, bitsPerSecond } = degradation;
  return {
    kind: 'NetworkChaos',
    spec: {
      action: 'netem',
      direction: 'to',
      mode: 'all',
      selector: { pods: { [namespace]: pods } },
      ...(delayMs !== undefined && { delay: { latency: `${delayMs}ms`, jitter: `${jitterMs}ms` } }),
      ...(lossRatio !== undefined && { loss: { loss: percent(lossRatio) } }),
      ...(bitsPerSecond !== undefined && { rate: { rate: `${bitsPerSecond}bit` } }),
      duration: goDuration(lastsMs),
    },
  };
};
