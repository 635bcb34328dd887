import { spotInterruption } from '../chaos/spot-interruption.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises, restartsAreExplained, sessionsSurvive } from './objectives/promises.ts';

export default defineDrill({
  title: 'A spot node is taken back at ten times the traffic',
  why:
    'Spot nodes go with two minutes of notice, several times a day. That is time enough to move their pods, so that ' +
    'no shopper may notice, and nobody may take the restarts for a bug.',
  fault: spotInterruption({ nodes: 'one' }),
  objectives: {
    ...promises,
    ...sessionsSurvive,
    ...restartsAreExplained,
    recovery: [{ path: 'shop', objectiveMs: { platformMs: 300_000 } }],
    // Draining is announced: a pod leaves the balancer before it stops, and finishes its requests.
    failures: [{ calls: 'all', phases: ['fault', 'recovered'], maxFailedRatio: 0 }],
    // A disruption budget of a quarter, rounded up: of six pods, two may go before others have taken their places.
    availability: { maxUnavailablePods: 2 },
  },
  // Pods run on spot nodes only once autoscaling has added some.
  minPeakMs: { platformMs: 240_000 },
  // The notice, and then until the pods are known to be gone.
  minAfterFaultMs: { platformMs: 180_000, wallMs: 10_000 },
  runbook: 'spot-eviction',
});
