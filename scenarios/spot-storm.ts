import { spotInterruption } from '../chaos/spot-interruption.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained } from './objectives/promises.ts';

export default defineDrill({
  title: 'Every spot node is taken back at once, at ten times the traffic',
  why:
    'Spot capacity goes by whole pools, and most likely when everybody else has a peak too. What must never stop runs ' +
    'on on-demand nodes, and the rest has to move there in an orderly way.',
  fault: spotInterruption({ nodes: 'all' }),
  objectives: {
    ...promises,
    ...restartsAreExplained,
    recovery: [{ path: 'shop', objectiveMs: { platformMs: 300_000 } }],
    // On-demand nodes are not affected, whatever has to move onto them.
    untouched: 'on-demand',
    // A disruption budget of a quarter: of six pods, draining three nodes at once still moves two at a time.
    availability: { maxUnavailablePods: 2 },
  },
  minPeakMs: { platformMs: 240_000 },
  // The notice, until the pods are known to be gone, and until new nodes have booted.
  minAfterFaultMs: { platformMs: 180_000, wallMs: 15_000 },
  runbook: 'spot-eviction',
});
