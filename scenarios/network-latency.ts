import { networkDegraded } from '../chaos/network-degraded.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "What a third of the shop's pods send is a tenth of a second late at ten times the traffic",
  why:
    'A detour through another region makes each step of a conversation late. An answer that asks the database five times is late five ' +
    'times, its connections are in use for longer, and pools that were large enough are not.',
  fault: networkDegraded({ howMany: { share: 1 / 3 }, delayMs: 100, jitterMs: 20, lastsMs: 30_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // As long as it lasts an order may take more than a second.
      { path: 'shop', objectiveMs: 40_000 },
    ],
    // Late is not failed.
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.01 }],
  },
  minAfterFaultMs: 60_000,
});
