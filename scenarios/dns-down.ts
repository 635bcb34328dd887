import { dnsDown } from '../chaos/dns-down.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "The cluster's names are not answered for a while at ten times the traffic",
  why:
    'Every call begins with a name. A shop that keeps its connections, and the last address of a name, does not notice; one that ' +
    'asks each time stops at once, and so does what opens new connections then.',
  fault: dnsDown({ lastsMs: 20_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      { path: 'shop', objectiveMs: 30_000 },
      { path: 'write', objectiveMs: 30_000 },
    ],
    // Connections that are open stay open.
    failures: [{ calls: 'all', phases: ['fault'], maxFailedRatio: 0.01 }],
  },
  minAfterFaultMs: 45_000,
});
