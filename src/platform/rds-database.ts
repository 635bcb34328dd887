import type { AwsAccess, Database } from '../model/facets.ts';
import { openRds, type Rds } from './rds.ts';

/** An Aurora-like cluster behind the RDS API. Each request has a client of its own, so that nothing has to be closed. */
export function rdsDatabase(access: AwsAccess, clusterId: string): Database {
  const ask = async <T>(work: (rds: Rds) => Promise<T>): Promise<T> => {
    using rds = openRds(access);
    return await work(rds);
  };
  return {
    id: clusterId,
    source: 'DescribeDBClusters',
    state: () => ask((rds) => rds.describe(clusterId)),
    instances: () => ask((rds) => rds.instances(clusterId)),
    failOver: (targetInstanceId) => ask((rds) => rds.failover(clusterId, targetInstanceId)),
  };
}
