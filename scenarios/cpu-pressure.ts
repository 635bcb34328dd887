import { cpuPressure } from '../chaos/cpu-pressure.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "A third of the shop's pods have to share their CPU at ten times the traffic",
  why:
    'A report, a scan or a runaway regular expression takes the CPU that answers were to be computed with. Those pods are slow, and ' +
    'neither dead nor unready: whoever waits for them waits, unless they refuse in time or others take their share.',
  fault: cpuPressure({ howMany: { share: 1 / 3 }, cores: 2, lastsMs: 30_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // As long as it lasts answers may be late; then they must not be.
      { path: 'shop', objectiveMs: 40_000 },
    ],
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.01 }],
  },
  minAfterFaultMs: 60_000,
});
