import { rdsFailover } from '../chaos/rds-failover.ts';
import { staggered } from '../chaos/staggered.ts';
import { zoneOutage } from '../chaos/zone-outage.ts';
import { defineDrill } from '../src/model/drill.ts';
import azOutage from './az-outage.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  ...azOutage,
  title: 'A zone loses power, and the database fails over again before the zone is back',
  why:
    'Trouble comes in company: with one of three database instances in the dark the new writer fails as well, and a ' +
    'third one, the last, has to take over while two zones carry all of the traffic.',
  fault: staggered([zoneOutage({ duration: 'PT8M' }), rdsFailover()], { afterMs: 12_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    // Nobody can order for as long as the objective for writes allows: 60 s at peak are 46 % of a month's checkouts' budget.
    errorBudget: { ...promises.errorBudget, maxBurnedRatio: 0.46 },
    recovery: [
      // Two failovers, one after the other.
      { path: 'write', objectiveMs: 60_000 },
      { path: 'shop', objectiveMs: 60_000 },
    ],
    // Two of six pods hang until their health checks fail after 3 s: 2.5 % of the reads in the zone's 40 s of dark.
    failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio: 0.04 }],
    // Shoppers who meet both failovers may run out of patience: those are the orders of a few seconds of a minute.
    orders: { maxUnansweredRatio: 0.05, maxRejectedRatio: 0.001 },
    // The second failover comes before the zone has been missed: it is waited for as well, and shoppers give up meanwhile.
    byNotReady: {
      recovery: [
        { path: 'write', objectiveMs: { platformMs: 60_000, wallMs: 60_000 } },
        { path: 'shop', objectiveMs: { platformMs: 600_000 } },
      ],
      errorBudget: { ...promises.errorBudget, maxBurnedRatio: 0.92 },
      orders: { maxUnansweredRatio: 0.2, maxRejectedRatio: 0.001 },
      failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio: 0.2 }],
    },
  },
  runbook: 'az-outage',
});
