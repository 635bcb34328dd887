import { scaleToZero } from '../chaos/scale-to-zero.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: 'The shop is scaled to zero by mistake at ten times the traffic',
  why:
    'One wrong number in a pipeline takes every pod away, and autoscaling leaves a deployment alone that has none. Shoppers are ' +
    'all there when the pods come back at once, with nothing in memory.',
  // As long as somebody takes who looks at the right page.
  fault: scaleToZero({ lastsMs: 20_000 }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    // Nobody is served for as long as the objective allows: 60 s at peak are 46 % of a month's checkouts' budget.
    errorBudget: { ...promises.errorBudget, maxBurnedRatio: 0.46 },
    recovery: [
      // The time without pods, then until they are scheduled, started and ready.
      { path: 'shop', objectiveMs: 60_000 },
      { path: 'pods', objectiveMs: 60_000 },
    ],
    // It lasts longer than a shopper's patience: those who come in its first seconds never get an answer.
    orders: { maxUnansweredRatio: 0.4, maxRejectedRatio: 0.001 },
  },
  minAfterFaultMs: 75_000,
});
