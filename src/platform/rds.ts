import {
  DescribeDBClustersCommand,
  DescribeEventsCommand,
  FailoverDBClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { AwsAccess, PlatformEvent } from '../model/target.ts';

/** A database cluster as RDS describes it. */
export interface ClusterState {
  status: string;
  writer: string | undefined;
  readers: string[];
}

/** The calls that tenfold makes of RDS, by the same code on AWS and on an AWS-compatible endpoint. */
export interface Rds extends Disposable {
  describe(clusterId: string): Promise<ClusterState>;
  /** Orders a failover, to a named reader or to one that RDS chooses. The reply does not mean that it is done. */
  failover(clusterId: string, targetInstanceId?: string): Promise<void>;
  events(clusterId: string, sinceMs: number): Promise<PlatformEvent[]>;
}

export function openRds(access: AwsAccess): Rds {
  const client = new RDSClient({
    region: access.region,
    ...(access.endpoint && { endpoint: access.endpoint }),
    ...(access.credentials && { credentials: access.credentials }),
    maxAttempts: 3,
  });
  return {
    async describe(clusterId) {
      const { DBClusters } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: clusterId }));
      const cluster = DBClusters?.[0];
      if (!cluster) throw new Error(`RDS describes no cluster ${clusterId}`);
      const ids = (writer: boolean) =>
        (cluster.DBClusterMembers ?? [])
          .filter((member) => member.IsClusterWriter === writer)
          .map((member) => member.DBInstanceIdentifier ?? '');
      return { status: cluster.Status ?? 'unknown', writer: ids(true)[0], readers: ids(false) };
    },
    async failover(clusterId, targetInstanceId) {
      await client.send(
        new FailoverDBClusterCommand({
          DBClusterIdentifier: clusterId,
          ...(targetInstanceId && { TargetDBInstanceIdentifier: targetInstanceId }),
        }),
      );
    },
    async events(clusterId, sinceMs) {
      const { Events } = await client.send(
        new DescribeEventsCommand({
          SourceType: 'db-cluster',
          SourceIdentifier: clusterId,
          StartTime: new Date(Math.floor(sinceMs / 1000) * 1000),
        }),
      );
      return (Events ?? []).map((event) => ({
        atMs: event.Date?.getTime() ?? sinceMs,
        source: 'rds',
        message: event.Message ?? '',
      }));
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
