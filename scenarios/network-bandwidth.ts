import { networkDegraded } from '../chaos/network-degraded.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "A third of the shop's pods have hardly any bandwidth left at ten times the traffic",
  why:
    "A neighbour's backup, or a limit of the machine's type, leaves pods a fraction of the bandwidth that they need. Answers queue up " +
    'behind each other where nobody sees them. What a health check hears is late as well: such pods have to leave the balancer.',
  // Less than half of what a pod sends at a sixtieth of production's traffic.
  fault: networkDegraded({ howMany: { share: 1 / 3 }, bitsPerSecond: 150_000, lastsMs: 30_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [{ path: 'shop', objectiveMs: 40_000 }],
    // A third of the calls, until those pods have left, and each time that they come back.
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.15 }],
  },
  minAfterFaultMs: 60_000,
});
