import { networkDegraded } from '../chaos/network-degraded.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "A third of the shop's pods lose one packet in twenty at ten times the traffic",
  why:
    'A bad cable, a full queue or a broken card loses some packets, and no health check sees it. What is lost is sent again, after a ' +
    'fifth of a second and more: all is right, much is late, and time limits that are too tight turn late into failed.',
  fault: networkDegraded({ howMany: { share: 1 / 3 }, lossRatio: 0.05, lastsMs: 30_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // As long as it lasts a connection may need a second to open.
      { path: 'shop', objectiveMs: 40_000 },
    ],
    // TCP makes up for it.
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.01 }],
  },
  minAfterFaultMs: 60_000,
});
