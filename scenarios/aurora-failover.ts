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
      { path: 'write', objectiveMs: 30_000 },
      { path: 'shop', objectiveMs: 300_000 },
    ],
  },
});
