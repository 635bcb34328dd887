import { containerKill } from '../chaos/container-kill.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "The containers of a third of the shop's pods end at ten times the traffic",
  why:
    'A program that crashes is started again in its pod, which keeps its address. It must not be sent requests before it can ' +
    'serve, and the others carry its share until then.',
  fault: containerKill({ share: 1 / 3 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    recovery: [
      // Health checks find out: two that fail, 5 s apart.
      { path: 'shop', objectiveMs: 15_000 },
      // Ending in order takes up to 30 s, and starting anew some more.
      { path: 'pods', objectiveMs: 60_000 },
    ],
  },
  minAfterFaultMs: 70_000,
});
