import { nodePartition } from '../chaos/node-partition.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: 'A node that serves checkout is cut off the network at ten times the traffic',
  why:
    'A node that is cut off runs on, and takes itself for well: its pods hold what they hold, and everybody else waits for them ' +
    'until the node is missed. When it is back it has to find out what has become of them.',
  fault: nodePartition({ which: 'node', duration: 'PT5M' }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // To everybody else it is a lost node: "EKS node failure: RTO < 5 min".
      { path: 'shop', objectiveMs: { platformMs: 300_000 } },
      { path: 'pods', objectiveMs: { platformMs: 300_000 } },
    ],
  },
  // Until it is back, and for a while.
  minAfterFaultMs: { platformMs: 300_000, wallMs: 20_000 },
  runbook: 'node-loss',
});
