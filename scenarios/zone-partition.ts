import { nodePartition } from '../chaos/node-partition.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "The zone of the database's writer is cut off the network at ten times the traffic",
  why:
    'Both sides of a partition run on. The former writer does not know that there is another one: nothing that it would still ' +
    'acknowledge may be lost, and when the zone is back nothing may be there twice.',
  fault: nodePartition({ which: 'zone', duration: 'PT8M' }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // As when the zone loses its power: to the other zones it is the same.
      { path: 'write', objectiveMs: { platformMs: 90_000, wallMs: 30_000 } },
      { path: 'shop', objectiveMs: { platformMs: 600_000 } },
    ],
  },
  minAfterFaultMs: { platformMs: 480_000, wallMs: 20_000 },
  runbook: 'az-outage',
});
