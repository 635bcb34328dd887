import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  FailoverDBClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { AwsAccess, DatabaseInstance, DatabaseState, PlatformEvent } from '../model/facets.ts';
import { clientSettings } from './client-settings.ts';
import { describeCluster, describeEvents, describeInstances, failoverCluster } from './rds-requests.ts';

/** The calls that tenfold makes of RDS, by the same code on AWS and on an AWS-compatible endpoint. */
export interface Rds extends Disposable {
  describe(clusterId: string): Promise<DatabaseState>;
  instances(clusterId: string): Promise<DatabaseInstance[]>;
  /** Orders a failover, to a named reader or to one that RDS chooses. The reply does not mean that it is done. */
  failover(clusterId: string, targetInstanceId?: string): Promise<void>;
  events(clusterId: string, sinceMs: number): Promise<PlatformEvent[]>;
}

export function openRds(access: AwsAccess): Rds {
  const client = new RDSClient(clientSettings(access));
  return {
    async describe(clusterId) {
      const { DBClusters } = await client.send(new DescribeDBClustersCommand(describeCluster(clusterId)));
      const cluster = DBClusters?.[0];
      if (!cluster) throw new Error(`RDS describes no cluster ${clusterId}`);
      const ids = (writer: boolean) =>
        (cluster.DBClusterMembers ?? [])
          .filter((member) => member.IsClusterWriter === writer)
          .map((member) => member.DBInstanceIdentifier ?? '');
      return { status: cluster.Status ?? 'unknown', writer: ids(true)[0], readers: ids(false) };
    },
    async instances(clusterId) {
      const { DBInstances } = await client.send(new DescribeDBInstancesCommand(describeInstances(clusterId)));
      return (DBInstances ?? []).map((instance) => ({
        id: instance.DBInstanceIdentifier ?? '',
        zone: instance.AvailabilityZone ?? '',
        status: instance.DBInstanceStatus ?? 'unknown',
      }));
    },
    async failover(clusterId, targetInstanceId) {
      await client.send(new FailoverDBClusterCommand(failoverCluster(clusterId, targetInstanceId)));
    },
    async events(clusterId, sinceMs) {
      const { Events } = await client.send(new DescribeEventsCommand(describeEvents(clusterId, sinceMs)));
      return (Events ?? []).map((event) => ({
        atMs: event.Date?.getTime() ?? sinceMs,
        source: 'rds',
        message: event.Message ?? '',
      }));
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
