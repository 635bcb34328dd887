import type { ClusterEvent, ClusterMember, DatabaseCluster } from '../database/cluster.ts';

const engine = 'aurora-postgresql';
const account = '000000000000';

const arn = (region: string, kind: 'cluster' | 'db', id: string) => `arn:aws:rds:${region}:${account}:${kind}:${id}`;

/** The tags of the cluster. */
export const clusterTags: Record<string, string> = { 'tenfold:shop': 'storefront' };

/** The ARN of a cluster. */
export const clusterArn = (region: string, id: string): string => arn(region, 'cluster', id);

/** A DBCluster. Its endpoints are SRV names, so its port is the current writer's. */
export function clusterXml(cluster: DatabaseCluster, region: string) {
  const { id, status, members } = cluster.describe();
  return {
    DBClusterIdentifier: id,
    DBClusterArn: clusterArn(region, id),
    Status: status,
    DatabaseName: cluster.databaseName,
    MasterUsername: 'postgres',
    Engine: engine,
    EngineVersion: cluster.version,
    EngineMode: 'provisioned',
    Endpoint: cluster.writerName,
    ReaderEndpoint: cluster.readerName,
    Port: members.find(({ role }) => role === 'writer')?.port,
    MultiAZ: true,
    AvailabilityZones: { AvailabilityZone: members.map(({ zone }) => zone) },
    DBClusterMembers: {
      DBClusterMember: members.map((member) => ({
        DBInstanceIdentifier: member.id,
        IsClusterWriter: member.role === 'writer',
        DBClusterParameterGroupStatus: 'in-sync',
        PromotionTier: 1,
      })),
    },
    TagList: { Tag: Object.entries(clusterTags).map(([Key, Value]) => ({ Key, Value })) },
  };
}

/** A DBInstance. */
export function instanceXml(cluster: DatabaseCluster, region: string, member: ClusterMember) {
  return {
    DBInstanceIdentifier: member.id,
    DBInstanceArn: arn(region, 'db', member.id),
    DBInstanceClass: 'db.local',
    DBInstanceStatus: member.status,
    DBClusterIdentifier: cluster.id,
    DBName: cluster.databaseName,
    Engine: engine,
    EngineVersion: cluster.version,
    AvailabilityZone: member.zone,
    Endpoint: { Address: member.host, Port: member.port },
    MultiAZ: false,
    PromotionTier: 1,
  };
}

/** An Event about the cluster's failover. */
export function eventXml(cluster: DatabaseCluster, region: string, { atMs, message }: ClusterEvent) {
  return {
    SourceIdentifier: cluster.id,
    SourceType: 'db-cluster',
    SourceArn: arn(region, 'cluster', cluster.id),
    Date: new Date(atMs).toISOString(),
    Message: message,
    EventCategories: { EventCategory: ['failover'] },
  };
}
