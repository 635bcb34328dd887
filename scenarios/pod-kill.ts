import { podKill } from '../chaos/pod-kill.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "A third of the shop's pods are killed at ten times the traffic",
  why:
    'Pods end without a word: by the memory they use, by a node that hangs, by somebody in a hurry. What they had begun breaks ' +
    'off, and the others carry their share until new ones are ready.',
  fault: podKill({ share: 1 / 3 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // Their addresses leave the balancer with them: shoppers who try again are served.
      { path: 'shop', objectiveMs: 10_000 },
      // The image is there: to be scheduled, started and warmed up.
      { path: 'pods', objectiveMs: 40_000 },
    ],
  },
  minAfterFaultMs: 50_000,
});
