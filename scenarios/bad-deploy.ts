import { badDeploy } from '../chaos/bad-deploy.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: 'A bad revision is rolled out at ten times the traffic',
  why:
    'Most outages are made by a deploy. A revision whose pods never get ready must not take the place of one that serves: ' +
    'the rollout stops at its first pod, and shoppers notice nothing until somebody rolls it back.',
  fault: badDeploy(),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [
      // Nothing is taken away, so that there is nothing to recover from: a few bad answers at the most.
      { path: 'shop', objectiveMs: 10_000 },
      { path: 'pods', objectiveMs: 10_000 },
    ],
    // The old pods serve until the new ones can; as few as a minute of peak at little traffic can tell from none.
    failures: [{ calls: 'all', phases: ['fault', 'recovered'], maxFailedRatio: 0.002 }],
  },
  // A rollout that goes on all the same has taken several pods by then.
  minAfterFaultMs: 30_000,
  runbook: 'bad-deploy',
});
