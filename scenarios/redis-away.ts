import { scaleToZero } from '../chaos/scale-to-zero.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: 'Redis is gone at ten times the traffic',
  why:
    'A cache that is there for speed is needed for survival once nobody has tried to do without: all that it answered comes to the ' +
    'database at once. The shop promises to go on without it, and to forget no session.',
  // As long as a managed one takes to fail over.
  fault: scaleToZero({ workload: 'redis', lastsMs: 20_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    // What hangs is given up after the shop's own time-out for Redis; nothing else may show.
    recovery: [{ path: 'shop', objectiveMs: 5_000 }],
    failures: [{ calls: 'all', phases: ['fault', 'recovered'], maxFailedRatio: 0.0005 }],
  },
  minAfterFaultMs: 60_000,
  runbook: 'redis-away',
});
