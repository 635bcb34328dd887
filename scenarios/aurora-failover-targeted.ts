import { rdsFailover } from '../chaos/rds-failover.ts';
import { defineDrill } from '../src/model/drill.ts';
import auroraFailover from './aurora-failover.ts';

export default defineDrill({
  ...auroraFailover,
  title: 'Aurora fails over to a named reader at ten times the traffic',
  why:
    'A planned failover names the reader to promote. It is not always the one that has received most, so that ' +
    'the others may have to follow a writer that was behind them.',
  fault: rdsFailover({ targetInstanceId: 'db-c' }),
  runbook: 'aurora-failover',
});
