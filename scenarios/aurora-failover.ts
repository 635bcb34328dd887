import { rdsFailover } from '../chaos/rds-failover.ts';
import { defineDrill } from '../src/model/drill.ts';
import { promises } from './objectives/promises.ts';

export default defineDrill({
  title: 'Aurora fails over at ten times the traffic',
  why:
    'Orders stop while the database has no writer. A shop that clings to the old writer, which comes back as a ' +
    'reader, keeps failing long after RDS says that the failover is done.',
  fault: rdsFailover(),
  objectives: {
    ...promises,
    recovery: [
      // "~30 s database, < 5 min app".
      { path: 'write', objectiveMs: 30_000 },
      { path: 'shop', objectiveMs: { platformMs: 300_000 } },
    ],
    // The catalogue is read from readers, so the loss of the writer hardly affects shoppers who only look.
    failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio: 0.01 }],
    // A shopper who is refused at once tries again; one who waits for a timeout leaves, and holds a connection.
    refusal: { medianLimitMs: 250, p95LimitMs: 2_000 },
  },
  runbook: 'aurora-failover',
});
