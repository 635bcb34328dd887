import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained } from './objectives/promises.ts';

export default defineDrill({
  title: 'Ten times the traffic comes within seconds, stays, and goes',
  why:
    'Most shops that fall over on Black Friday are broken by nothing but the traffic: pods come too late, or take ' +
    'requests before they are ready for them.',
  fault: null,
  objectives: {
    ...promises,
    ...restartsAreExplained,
    recovery: [],
    // The error budget's own ratio: a shop that sheds more than that while it scales out is not there for its shoppers.
    failures: [{ calls: 'all', phases: ['ramp', 'peak'], maxFailedRatio: 0.0005 }],
    // The rule adds 2 pods after 30 s, and 2 more every 60 s: from 4 pods to 8 takes 90 s, and pods take 30 s
    // more to start. With a doubtful sample or two that is 4 minutes.
    autoscaling: { maxLagMs: { platformMs: 240_000 } },
  },
  // Without a fault no phase is held on: the peak needs checkouts enough for a slow one, and the calm end enough calls.
  minAfterFaultMs: 80_000,
  runbook: 'black-friday',
});
