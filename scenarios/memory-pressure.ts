import { memoryPressure } from '../chaos/memory-pressure.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "A third of the shop's pods are short of memory at ten times the traffic",
  why:
    'Memory leaks until the limit is near. A shop that keeps what it needs within bounds goes on as before; one whose caches grow ' +
    'with the traffic is killed, and starts anew with all caches empty.',
  fault: memoryPressure({ howMany: { share: 1 / 3 }, share: 0.85, lastsMs: 30_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    // Shoppers notice nothing of it.
    recovery: [{ path: 'shop', objectiveMs: 5_000 }],
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.002 }],
  },
  minAfterFaultMs: 45_000,
});
