import type { Degradation, LitmusRun } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { DegradedPods } from '../network-degraded.ts';
import { aimAtPods, oneServingContainer } from '../shared/aim-at-pods.ts';
import { byExperimentOfLitmus, litmusTarget } from '../shared/custom-resource-way.ts';
import { percent, watchNetwork } from '../shared/watch-network.ts';

/**
 * The experiments pod-network-latency, pod-network-loss and pod-network-rate-limit do it to what the pods send, one at a time. Proven by
 * connections that take their time, by what is sent again, and by how much is sent.
 */
export const byLitmus = ({ degradation, lastsMs, ...strike }: DegradedPods): Way =>
  byExperimentOfLitmus({
    kind: strike.kind,
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => {
        const order = degradeBy({ pods, container: oneServingContainer(on, pods), lastsMs }, degradation);
        if (typeof order === 'string') return order;
        return { order, looks: await Promise.all(pods.map((pod) => watchNetwork(on, pod, degradation))) };
      }),
  });

/** The experiment that degrades the network of pods; in words, why none does. */
export function degradeBy(
  target: Parameters<typeof litmusTarget>[0],
  { delayMs, jitterMs = 0, lossRatio, bitsPerSecond }: Degradation,
): LitmusRun | string {
  const does = (experiment: string, variables: Record<string, string>): LitmusRun => ({
    experiment,
    variables: { ...litmusTarget(target), ...variables },
  });
  const [run, ...others] = [
    ...(delayMs === undefined
      ? []
      : [does('pod-network-latency', { NETWORK_LATENCY: String(delayMs), JITTER: String(jitterMs) })]),
    ...(lossRatio === undefined
      ? []
      : [does('pod-network-loss', { NETWORK_PACKET_LOSS_PERCENTAGE: percent(lossRatio) })]),
    ...(bitsPerSecond === undefined
      ? []
      : [does('pod-network-rate-limit', { NETWORK_BANDWIDTH: `${bitsPerSecond}bit` })]),
  ];
  if (run === undefined) return 'there is nothing to degrade';
  return others.length === 0 ? run : 'Litmus delays, loses or narrows by different experiments: choose one of them';
}
