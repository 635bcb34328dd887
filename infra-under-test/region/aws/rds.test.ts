import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  type DescribeEventsCommandInput,
  FailoverDBClusterCommand,
  ListTagsForResourceCommand,
  RDSClient,
  type RDSClientConfig,
  waitUntilDBClusterAvailable,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../database/test-cluster.ts';
import { type AwsEndpoint, startAwsEndpoint } from './endpoint.ts';
import { testMachines } from './test/machines.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'not a secret' };
const region = 'local-1';

let test: TestCluster;
let aws: AwsEndpoint;
let rds: RDSClient;
const clientWith = (config: RDSClientConfig) =>
  new RDSClient({ endpoint: aws.endpoint, region, credentials, ...config });

beforeAll(async () => {
  test = await startTestCluster();
  const { cluster } = test;
  aws = await startAwsEndpoint({ cluster, machines: testMachines(), timeScale: 12, region, ...credentials });
  rds = clientWith({});
});
afterAll(async () => {
  rds.destroy();
  await aws.close();
  await test[Symbol.asyncDispose]();
});

const DBClusterIdentifier = 'shop';

describe('the RDS endpoint, as the stock SDK sees it', () => {
  it('describes the cluster', async () => {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    expect(DBClusters).toHaveLength(1);
    expect(DBClusters?.[0]).toMatchObject({
      DBClusterIdentifier,
      DBClusterArn: 'arn:aws:rds:local-1:000000000000:cluster:shop',
      Status: 'available',
      Engine: 'aurora-postgresql',
      EngineVersion: test.cluster.version,
      Endpoint: test.cluster.writerName,
      ReaderEndpoint: test.cluster.readerName,
      Port: test.member('db-a').port,
      MultiAZ: true,
      AvailabilityZones: ['local-1a', 'local-1b', 'local-1c'],
      DBClusterMembers: [
        { DBInstanceIdentifier: 'db-a', IsClusterWriter: true },
        { DBInstanceIdentifier: 'db-b', IsClusterWriter: false },
        { DBInstanceIdentifier: 'db-c', IsClusterWriter: false },
      ],
    });
    expect((await rds.send(new DescribeDBClustersCommand({}))).DBClusters).toHaveLength(1);
  });

  it('describes instances, filtered or not', async () => {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(DBInstances?.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['local-1a', 'local-1b', 'local-1c']);
    const one = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'db-b' }));
    expect(one.DBInstances).toMatchObject([
      {
        DBInstanceIdentifier: 'db-b',
        DBInstanceStatus: 'available',
        Endpoint: { Address: '127.0.0.1', Port: test.member('db-b').port },
      },
    ]);
    const filtered = (Name: string, ...Values: string[]) =>
      rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name, Values }] }));
    expect((await filtered('db-cluster-id', 'shop')).DBInstances).toHaveLength(3);
    expect((await filtered('db-cluster-id', 'another')).DBInstances).toEqual([]);
    expect((await filtered('db-instance-id', 'db-a', 'db-c')).DBInstances).toHaveLength(2);
    await expect(filtered('engine', 'mysql')).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
  });

  it('names what it does not know', async () => {
    await expect(rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'nope' }))).rejects.toMatchObject({
      name: 'DBClusterNotFoundFault',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'nope' }))).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: 'nope' }))).rejects.toMatchObject({
      name: 'DBClusterNotFoundFault',
    });
    const failoverTo = (TargetDBInstanceIdentifier: string) =>
      rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier, TargetDBInstanceIdentifier }));
    await expect(failoverTo('db-x')).rejects.toMatchObject({
      Code: 'DBInstanceNotFound',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(failoverTo('db-a')).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(rds.send(new DescribeEventsCommand({ SourceIdentifier: 'shop' }))).rejects.toMatchObject({
      Code: 'InvalidParameterCombination',
    });
    await expect(rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: undefined }))).rejects.toMatchObject({
      Code: 'MissingParameter',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('fails over to the named instance and tells of it', async () => {
    const StartTime = new Date();
    const target = { DBClusterIdentifier, TargetDBInstanceIdentifier: 'db-c' };
    const { DBCluster } = await rds.send(new FailoverDBClusterCommand(target));
    expect(DBCluster?.Status).toBe('failing-over');
    await expect(rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier }))).rejects.toMatchObject({
      name: 'InvalidDBClusterStateFault',
      $metadata: { httpStatusCode: 400 },
    });
    await waitUntilDBClusterAvailable(
      { client: rds, maxWaitTime: 15, minDelay: 1, maxDelay: 1 },
      { DBClusterIdentifier },
    );

    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    const writers = DBClusters?.[0]?.DBClusterMembers?.filter(({ IsClusterWriter }) => IsClusterWriter);
    expect(writers).toMatchObject([{ DBInstanceIdentifier: 'db-c' }]);
    const query: DescribeEventsCommandInput = {
      SourceType: 'db-cluster',
      SourceIdentifier: 'shop',
      EventCategories: ['failover'],
      StartTime,
    };
    const { Events } = await rds.send(new DescribeEventsCommand(query));
    expect(Events?.map(({ Message }) => Message)).toEqual([
      'Started cross AZ failover to DB instance: db-c',
      'Completed failover to DB instance: db-c',
    ]);
    expect(Events?.[0]).toMatchObject({
      SourceType: 'db-cluster',
      SourceIdentifier: 'shop',
      EventCategories: ['failover'],
    });
    expect(Number(Events?.[0]?.Date)).toBeGreaterThanOrEqual(Number(StartTime));
  });

  it('selects events by time, category and source, a page at a time', async () => {
    const messages = async (query: DescribeEventsCommandInput) =>
      (await rds.send(new DescribeEventsCommand(query))).Events?.length;
    expect(await messages({})).toBe(2);
    expect(await messages({ Duration: 1, EndTime: new Date(Date.now() - 120_000) })).toBe(0);
    expect(await messages({ EventCategories: ['backup'] })).toBe(0);
    expect(await messages({ SourceType: 'db-instance' })).toBe(0);
    const first = await rds.send(new DescribeEventsCommand({ MaxRecords: 1 }));
    const second = await rds.send(new DescribeEventsCommand({ MaxRecords: 1, Marker: first.Marker }));
    expect([first.Events?.length, second.Events?.[0]?.Message, second.Marker]).toEqual([
      1,
      'Completed failover to DB instance: db-c',
      undefined,
    ]);
  });

  it('fails over to a reader of its choice', async () => {
    await rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier }));
    await waitUntilDBClusterAvailable(
      { client: rds, maxWaitTime: 15, minDelay: 1, maxDelay: 1 },
      { DBClusterIdentifier },
    );
    expect(test.member('db-c').role).toBe('reader');
  });
});

describe('the AWS endpoint', () => {
  const describeWith = async (config: RDSClientConfig) => {
    const client = clientWith(config);
    try {
      return await client.send(new DescribeDBClustersCommand({}));
    } finally {
      client.destroy();
    }
  };

  it('lets in only requests that carry the right signature', async () => {
    const another = (change: Partial<typeof credentials>) =>
      describeWith({ credentials: { ...credentials, ...change } });
    await expect(another({ accessKeyId: 'other' })).rejects.toMatchObject({
      Code: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(another({ secretAccessKey: 'wrong' })).rejects.toMatchObject({ Code: 'SignatureDoesNotMatch' });
    await expect(describeWith({ region: 'eu-west-1' })).rejects.toMatchObject({ Code: 'SignatureDoesNotMatch' });
    const unsigned = await fetch(aws.endpoint, {
      method: 'POST',
      body: 'Action=DescribeDBClusters&Version=2014-10-31',
    });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('refuses actions that it does not have', async () => {
    await expect(rds.send(new ListTagsForResourceCommand({ ResourceName: 'arn' }))).rejects.toMatchObject({
      Code: 'InvalidAction',
      $metadata: { httpStatusCode: 400 },
    });
  });
});
