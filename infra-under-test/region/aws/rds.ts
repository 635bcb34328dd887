import type { DatabaseCluster } from '../database/cluster.ts';
import { FailoverRefused } from '../database/failover-refused.ts';
import { type QueryParameters, readParameters, xmlError, xmlReply } from './query-protocol.ts';
import { clusterXml, eventXml, instanceXml } from './rds-shapes.ts';
import { AwsError, type AwsService } from './service.ts';

const version = '2014-10-31';
const namespace = `http://rds.amazonaws.com/doc/${version}/`;
const defaultMaxRecords = 100;

type Action = (parameters: QueryParameters) => object;

/** The calls of Amazon RDS that concern a cluster and its failover, on a running cluster. */
export function rdsService(cluster: DatabaseCluster, region: string): AwsService {
  const actions: Record<string, Action> = {
    DescribeDBClusters: (parameters) => describeClusters(cluster, region, parameters),
    DescribeDBInstances: (parameters) => describeInstances(cluster, region, parameters),
    DescribeEvents: (parameters) => describeEvents(cluster, region, parameters),
    FailoverDBCluster: (parameters) => failoverCluster(cluster, region, parameters),
  };
  return {
    scope: 'rds',
    async handle({ body }, requestId) {
      const parameters = readParameters(body);
      const name = parameters.get('Action') ?? '';
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (!action || parameters.get('Version') !== version) {
        const message = `Could not find operation ${name} for version ${parameters.get('Version')}`;
        throw new AwsError('InvalidAction', 400, message);
      }
      return xmlReply(namespace, name, action(parameters), requestId);
    },
    refuse: (error, requestId) => xmlError(namespace, error, requestId),
  };
}

function describeClusters(cluster: DatabaseCluster, region: string, parameters: QueryParameters) {
  const wanted = parameters.get('DBClusterIdentifier');
  if (wanted) requireCluster(cluster, wanted);
  const filters = readFilters(parameters, ['db-cluster-id']);
  const shown = filters['db-cluster-id'].every((ids) => ids.some((id) => names(id, cluster.id)));
  return { DBClusters: { DBCluster: shown ? [clusterXml(cluster, region)] : [] } };
}

function describeInstances(cluster: DatabaseCluster, region: string, parameters: QueryParameters) {
  const wanted = parameters.get('DBInstanceIdentifier');
  const members = cluster.describe().members.filter(({ id }) => !wanted || names(wanted, id));
  if (members.length === 0) throw new AwsError('DBInstanceNotFound', 404, `DBInstance ${wanted} not found.`);
  const filters = readFilters(parameters, ['db-cluster-id', 'db-instance-id']);
  const shown = members.filter(
    (member) =>
      filters['db-cluster-id'].every((ids) => ids.some((id) => names(id, cluster.id))) &&
      filters['db-instance-id'].every((ids) => ids.some((id) => names(id, member.id))),
  );
  return { DBInstances: { DBInstance: shown.map((member) => instanceXml(cluster, region, member)) } };
}

function failoverCluster(cluster: DatabaseCluster, region: string, parameters: QueryParameters) {
  requireCluster(cluster, parameters.required('DBClusterIdentifier'));
  try {
    cluster.failover(parameters.get('TargetDBInstanceIdentifier')?.toLowerCase());
  } catch (error) {
    if (!(error instanceof FailoverRefused)) throw error;
    const [code, status] = refusals[error.reason];
    throw new AwsError(code, status, error.message);
  }
  return { DBCluster: clusterXml(cluster, region) };
}

const refusals: Record<FailoverRefused['reason'], [code: string, status: number]> = {
  'cluster-unavailable': ['InvalidDBClusterStateFault', 400],
  'no-such-instance': ['DBInstanceNotFound', 404],
  'already-writer': ['InvalidDBInstanceState', 400],
  'instance-unavailable': ['InvalidDBInstanceState', 400],
};

/** Events about the cluster, oldest first; without a start, those of the last `Duration` minutes. */
function describeEvents(cluster: DatabaseCluster, region: string, parameters: QueryParameters) {
  const sourceType = parameters.get('SourceType');
  const source = parameters.get('SourceIdentifier');
  if (source && !sourceType) {
    throw new AwsError(
      'InvalidParameterCombination',
      400,
      'If SourceIdentifier is supplied, SourceType must also be provided.',
    );
  }
  const categories = parameters.list('EventCategories.EventCategory');
  const endMs = parameters.instant('EndTime') ?? Date.now();
  const startMs = parameters.instant('StartTime') ?? endMs - (parameters.integer('Duration') ?? 60) * 60_000;
  const about =
    (!sourceType || sourceType === 'db-cluster') &&
    (!source || names(source, cluster.id)) &&
    (categories.length === 0 || categories.includes('failover'));
  const events = about
    ? cluster.events().filter(({ source, atMs }) => source === 'rds' && atMs >= startMs && atMs <= endMs)
    : [];

  const first = parameters.integer('Marker') ?? 0;
  const next = first + (parameters.integer('MaxRecords') ?? defaultMaxRecords);
  const page = events.slice(first, next).map((event) => eventXml(cluster, region, event));
  return { ...(next < events.length && { Marker: String(next) }), Events: { Event: page } };
}

function requireCluster(cluster: DatabaseCluster, wanted: string): void {
  if (!names(wanted, cluster.id)) throw new AwsError('DBClusterNotFoundFault', 404, `DBCluster ${wanted} not found.`);
}

/** Whether an identifier or ARN, in any case, names a resource. */
const names = (wanted: string, id: string) => wanted.toLowerCase().split(':').at(-1) === id;

/** The values of each supported filter, one list for each time it is given; throws on others. */
function readFilters<Name extends string>(
  parameters: QueryParameters,
  supported: readonly Name[],
): Record<Name, string[][]> {
  const filters = Object.fromEntries(supported.map((name) => [name, []])) as unknown as Record<Name, string[][]>;
  for (let i = 1; ; i += 1) {
    const name = parameters.get(`Filters.Filter.${i}.Name`);
    if (name === undefined) return filters;
    if (!supported.includes(name as Name))
      throw new AwsError('InvalidParameterValue', 400, `Unrecognized filter name: ${name}`);
    filters[name as Name].push(parameters.list(`Filters.Filter.${i}.Values.Value`));
  }
}
