import { databaseUnreachable } from '../chaos/database-unreachable.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained } from './objectives/promises.ts';

/** The time in the dark, then as long as after a failover. */
const afterTheDark = { platformMs: 240_000, wallMs: 30_000 };

export default defineDrill({
  title: 'The database cannot be reached at ten times the traffic',
  why:
    'One wrong rule of the network takes the database away from every pod at once, and there is nothing to fail over to. ' +
    'Until it is taken back shoppers can still look around, and no order that hung in the dark may be lost or placed twice.',
  // Longer than the shop shows a product without asking again, even on the fastest target.
  fault: databaseUnreachable({ duration: 'PT4M' }),
  objectives: {
    ...promises,
    ...restartsAreExplained,
    // Nobody can order for as long as the objective for writes allows: 50 s at peak are 39 % of a month's checkouts' budget.
    errorBudget: { ...promises.errorBudget, maxBurnedRatio: 0.39 },
    recovery: [
      { path: 'write', objectiveMs: afterTheDark },
      { path: 'shop', objectiveMs: afterTheDark },
    ],
    // A pod cannot show now what it has never shown: about a quarter of the requests. When the database is back,
    // everybody asks it for everything at once.
    failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio: 0.5 }],
    // The dark lasts longer than a shopper's patience: those who come in its first ten seconds or so never get an
    // answer, up to a fifth of the orders of a short profile.
    orders: { maxUnansweredRatio: 0.3, maxRejectedRatio: 0.001 },
  },
  minAfterFaultMs: { platformMs: 240_000, wallMs: 5_000 },
  runbook: 'database-unreachable',
});
