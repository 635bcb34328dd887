import { apiServerAway } from '../chaos/api-server-away.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "The cluster's API server is away for a while at ten times the traffic",
  why:
    'A managed control plane is away during its upgrades, and one of your own when its disk is full. What runs goes on, but nothing ' +
    'is scaled, replaced or found anew: a shop that asks it for anything while it serves stops with it.',
  fault: apiServerAway({ lastsMs: 30_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    // Shoppers notice nothing of it.
    recovery: [{ path: 'shop', objectiveMs: 1_000 }],
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.002 }],
  },
  minAfterFaultMs: 60_000,
});
