import { zoneOutage } from '../chaos/zone-outage.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: "The zone of the database's writer loses power at ten times the traffic",
  why:
    'Nothing in a dark zone says goodbye: connections hang instead of breaking, a third of the pods are gone at once ' +
    'and the writer with them. Two zones have to carry ten times the traffic until the third one is back.',
  fault: zoneOutage({ duration: 'PT8M' }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // The zone's failover is a database failover: "~30 s database".
      { path: 'write', objectiveMs: 30_000 },
      // Reads need no failover, only pods and readers that answer: two failed health checks and one timeout.
      { path: 'read', objectiveMs: 5_000 },
      // "AZ outage: RTO < 10 min".
      { path: 'shop', objectiveMs: { platformMs: 600_000 } },
    ],
  },
  // Autoscaling has caught up with the peak.
  minPeakMs: { platformMs: 240_000 },
  // Two zones are on their own for the duration, and then all three for a while.
  minAfterFaultMs: { platformMs: 480_000, wallMs: 14_000 },
});
