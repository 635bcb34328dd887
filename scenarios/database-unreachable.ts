import { databaseUnreachable } from '../chaos/database-unreachable.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained } from './objectives/promises.ts';

/** The dark, and then as after a failover. */
const afterTheDark = { platformMs: 240_000, wallMs: 30_000 };

export default defineDrill({
  title: 'Nobody reaches the database at ten times the traffic',
  why:
    'One wrong rule of the network takes the database away from every pod at once, and there is nothing to fail over to. ' +
    'Until it is taken back shoppers can still look around, and no order that hung in the dark may be lost or placed twice.',
  // Longer than the shop shows a product without asking again, on the fastest target too.
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
    // What a pod has never shown it cannot show now: about a quarter of what is asked for. When the database is back
    // everybody asks it for everything at once.
    failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio: 0.5 }],
    // The dark lasts longer than a shopper's patience: who comes in its first ten seconds or so never gets an answer, which
    // is up to a fifth of the orders of a short profile.
    orders: { maxUnansweredRatio: 0.3, maxRejectedRatio: 0.001 },
  },
  minAfterFaultMs: { platformMs: 240_000, wallMs: 5_000 },
});
