/** What tenfold asks of RDS, as plain data: tests/conformance checks it against AWS's own model. */
import type {
  DescribeDBClustersCommandInput,
  DescribeDBInstancesCommandInput,
  DescribeEventsCommandInput,
  FailoverDBClusterCommandInput,
} from '@aws-sdk/client-rds';

export const describeCluster = (clusterId: string): DescribeDBClustersCommandInput => ({
  DBClusterIdentifier: clusterId,
});

export const describeInstances = (clusterId: string): DescribeDBInstancesCommandInput => ({
  Filters: [{ Name: 'db-cluster-id', Values: [clusterId] }],
});

/** Without a target RDS chooses the reader. */
export const failoverCluster = (clusterId: string, targetInstanceId?: string): FailoverDBClusterCommandInput => ({
  DBClusterIdentifier: clusterId,
  ...(targetInstanceId && { TargetDBInstanceIdentifier: targetInstanceId }),
});

/** RDS takes whole seconds. */
export const describeEvents = (clusterId: string, sinceMs: number): DescribeEventsCommandInput => ({
  SourceType: 'db-cluster',
  SourceIdentifier: clusterId,
  StartTime: new Date(Math.floor(sinceMs / 1000) * 1000),
});
