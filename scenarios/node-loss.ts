import { nodeLoss } from '../chaos/node-loss.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: 'A node that serves checkout is gone at ten times the traffic',
  why:
    'A node takes its pods, their connections and whatever they kept in memory with it. The others carry its share ' +
    'until it is noticed, its pods run elsewhere, and the node group has a new one.',
  fault: nodeLoss(),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // "EKS node failure: RTO < 5 min", for shoppers, for the pods at full strength, and for the node itself.
      { path: 'shop', objectiveMs: { platformMs: 300_000 } },
      { path: 'pods', objectiveMs: { platformMs: 300_000 } },
      { path: 'nodes', objectiveMs: { platformMs: 300_000 } },
    ],
  },
  // As long as noticing the loss, booting and joining may take.
  minAfterFaultMs: { platformMs: 300_000, wallMs: 7_000 },
  runbook: 'node-loss',
});
