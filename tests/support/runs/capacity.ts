import type { PodEnd } from '../../../src/model/facets.ts';
import type { CapacityFacts, CapacitySample } from '../../../src/model/facts.ts';
import { at, endS, injectedS } from './shape.ts';

/** Ready and wanted from a second on. */
type Change = [second: number, podsReady: number, podsWanted: number, nodesReady: number];

/** A look every half second, with these changes. */
function samplesOf(changes: Change[]): CapacitySample[] {
  return Array.from({ length: endS * 2 }, (_, i) => {
    const [, podsReady, podsWanted, nodesReady] = changes.findLast(([second]) => second <= i / 2) as Change;
    return { atMs: at(i / 2), nodesReady, nodesWanted: 6, podsReady, podsWanted, cpuRatio: 0.61 };
  });
}

/** Pods follow the traffic up, and back down at its end. */
export const autoscaledCapacity = (): CapacityFacts => ({
  samples: samplesOf([
    [0, 3, 3, 6],
    [14, 3, 5, 6],
    [17, 5, 5, 6],
    [22.5, 5, 6, 6],
    [25, 6, 6, 6],
    [66, 5, 5, 6],
  ]),
  longestGapMs: 500,
  pods: { wantedBefore: 5, leastReady: 5, mostUnavailable: 1, atMs: at(22.5) },
  podEnds: [podEnd(66, 'storefront-6', 'local-1c-2', 'spot', 'scaled-down', 'autoscaling wants 5 pods')],
  askedForPodEnds: true,
  unexplained: [],
});

/** A node and its two pods are lost; the pods are back 11 s after the injection, the node after 13 s. */
export const nodeLossCapacity = (because: string): CapacityFacts => ({
  samples: samplesOf([
    [0, 3, 3, 6],
    [14, 3, 5, 6],
    [17, 5, 5, 6],
    [injectedS + 6, 3, 5, 5],
    [injectedS + 11, 5, 5, 5],
    [injectedS + 13, 5, 5, 6],
  ]),
  longestGapMs: 500,
  pods: { wantedBefore: 5, leastReady: 3, mostUnavailable: 2, atMs: at(injectedS + 6.286) },
  podEnds: ['storefront-1', 'storefront-4'].map((pod) =>
    podEnd(injectedS + 6.1, pod, 'local-1a-1', 'on-demand', 'node-lost', because),
  ),
  askedForPodEnds: true,
  unexplained: [],
});

const podEnd = (
  second: number,
  pod: string,
  node: string,
  capacity: PodEnd['capacity'],
  cause: PodEnd['cause'],
  because: string,
): PodEnd => ({ atMs: at(second), pod, node, capacity, cause, because });
