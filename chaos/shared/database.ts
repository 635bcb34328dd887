import { capabilities, type Platform } from '../../src/model/target.ts';
import { openRds, type Rds } from '../../src/platform/rds.ts';

/** The platform's database cluster, by way of RDS. */
export function openCluster(platform: Platform): { rds: Rds; clusterId: string } & Disposable {
  if (!platform.aws || !platform.databaseClusterId) throw new Error(`no ${capabilities['rds-failover']}`);
  const rds = openRds(platform.aws);
  return { rds, clusterId: platform.databaseClusterId, [Symbol.dispose]: () => rds[Symbol.dispose]() };
}

/** Which instance is the writer now, and in which zone; undefined while there is none. */
export async function findWriter(platform: Platform): Promise<{ id: string; zone: string } | undefined> {
  using cluster = openCluster(platform);
  const { writer } = await cluster.rds.describe(cluster.clusterId);
  return (await cluster.rds.instances(cluster.clusterId)).find(({ id }) => id === writer);
}

/** Evidence that another instance than a former writer is the writer; undefined while there is none. */
export async function writerChange(platform: Platform, former: string | undefined): Promise<string | undefined> {
  using cluster = openCluster(platform);
  const { writer } = await cluster.rds.describe(cluster.clusterId);
  if (writer === undefined || writer === former) return undefined;
  return `the writer changed from ${former} to ${writer} (DescribeDBClusters)`;
}
