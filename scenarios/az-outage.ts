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
    // A node that is silent is NotReady after 50 s, and is looked at every 5 s; a shopper then waits for one time-out more.
    byNotReady: {
      recovery: [
        // The operator promotes once it knows that the writer is gone.
        { path: 'write', objectiveMs: { platformMs: 60_000, wallMs: 15_000 } },
        { path: 'read', objectiveMs: { platformMs: 60_000, wallMs: 8_000 } },
        { path: 'shop', objectiveMs: { platformMs: 600_000 } },
      ],
      // 75 s at peak without checkouts, in production: a month's budget is burned in 130 s there.
      errorBudget: { ...promises.errorBudget, maxBurnedRatio: 0.58 },
      // Longer than shoppers are patient: those of a minute out of ten give up.
      orders: { maxUnansweredRatio: 0.1, maxRejectedRatio: 0.001 },
    },
  },
  // Autoscaling has caught up with the peak.
  minPeakMs: { platformMs: 240_000 },
  // Two zones are on their own for the duration, and then all three for a while.
  minAfterFaultMs: { platformMs: 480_000, wallMs: 14_000 },
  runbook: 'az-outage',
});
