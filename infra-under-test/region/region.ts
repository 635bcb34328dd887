import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAwsEndpoint } from './aws/endpoint.ts';
import { awsFidelity } from './aws/fidelity.ts';
import { awsRegion, clusterArnOf } from './compute/resources.ts';
import { type Compute, startControlPlane, startNodes } from './compute/start.ts';
import { constants, fidelity, timeScale } from './constants.ts';
import { startCluster } from './database/cluster.ts';
import { clusterId } from './database/topology.ts';
import type { ClusterOptions, DatabaseCluster } from './database/types.ts';
import { type DnsServer, startDns } from './dns/server.ts';
import { type RunningEdge, startEdge } from './edge/start.ts';
import { RegionError } from './errors.ts';
import { EventLog } from './events.ts';
import type { Lifetime } from './lifetime.ts';
import type { OwnProcess } from './processes.ts';
import type { Switches } from './protections.ts';
import { untilServing } from './readiness.ts';
import type { RegionDocument } from './region-document.ts';
import { countOrders, migrateShop, podSpec, tenants } from './shop.ts';
import { sizeByFirstTraffic, warmPods } from './size-pods.ts';

export interface RegionOptions {
  id: string;
  /** An empty folder; removed at the end. */
  dir: string;
  /** 0: any free port. */
  edgePort: number;
  /** Run all pods that autoscaling may add from the start, as before a peak. */
  scaledOut: boolean;
  /** Names of protections as the user gave them, and the same by owner. */
  without: string[];
  switches: Switches;
  progress: (message: string) => void;
}

const stopGraceMs = 1_200;

/** What the parts of one region share. */
interface Context extends RegionOptions {
  lifetime: Lifetime;
  logDir: string;
  events: EventLog;
  dns: DnsServer;
  /** null until it is up. */
  cluster: DatabaseCluster | null;
}

/**
 * Starts a whole region, and resolves when every pod gets requests from the edge. Throws RegionError when a part
 * does not start or the lifetime is ended in the meantime. Ending the lifetime is always the caller's task.
 */
export async function startRegion(options: RegionOptions, lifetime: Lifetime): Promise<RegionDocument> {
  const startedAt = new Date().toISOString();
  const context = await prepare(options, lifetime);
  const compute = await startCompute(context);
  const nodesUp = bringNodesUp(context, compute);
  const [database, edge] = await Promise.all([
    startDatabase(context, compute, nodesUp),
    startEdgeOf(context, compute),
    nodesUp,
  ]);
  await untilServing({
    ...context,
    ...compute,
    edge,
    pods: podsAtStart(context),
    healthChecks: hasHealthChecks(context),
  });
  if (options.scaledOut) compute.controller.sizePods(constants.podCpuRequestCores);
  else {
    await warmPods(compute.controller, lifetime);
    void sizeByFirstTraffic(compute.controller, lifetime);
  }
  return {
    id: options.id,
    pid: process.pid,
    dir: options.dir,
    startedAt,
    edge: { url: edge.url, adminUrl: edge.adminUrl },
    control: { url: compute.control.url },
    dns: { host: context.dns.host, port: context.dns.port },
    ...database,
    tenants,
    scaledOut: options.scaledOut,
    without: options.without,
    scale: "1:10 of the reference platform's request rate",
  };
}

async function prepare(options: RegionOptions, lifetime: Lifetime): Promise<Context> {
  lifetime.throwIfEnding();
  const logDir = join(options.dir, 'logs');
  await mkdir(logDir, { mode: 0o700 });
  const events = new EventLog(join(options.dir, 'events.ndjson'));
  const dns = await lifetime.starts(startDns(), (started) => started.close());
  return { ...options, lifetime, logDir, events, dns, cluster: null };
}

async function startCompute(context: Context): Promise<Compute> {
  const { id: regionId, logDir, switches, events, lifetime, progress } = context;
  const compute = await startControlPlane({
    regionId,
    token: secret(),
    logDir,
    without: switches.region,
    events,
    lifetime,
    database: {
      arn: clusterArnOf(clusterId),
      describe: () => context.cluster?.describe() ?? null,
      disconnect: async (zone) => context.cluster?.disconnect(zone),
      reconnect: async (zone) => context.cluster?.reconnect(zone),
    },
    stopGraceMs,
  });
  progress('control API and DNS up');
  return compute;
}

async function bringNodesUp({ lifetime, progress }: Context, compute: Compute): Promise<void> {
  await startNodes(compute, lifetime);
  progress(`${compute.fleet.wantedNodes} nodes Ready`);
}

async function startDatabase(
  context: Context,
  compute: Compute,
  nodesUp: Promise<void>,
): Promise<Pick<RegionDocument, 'aws' | 'database' | 'versions' | 'fidelity'>> {
  const { lifetime, progress } = context;
  const starting = startCluster(clusterOptions(context, compute, nodesUp)).catch(explain);
  const cluster = await lifetime.starts(starting, (started) => started.stop());
  context.cluster = cluster;
  const keys = { accessKeyId: `LOCAL${secret().slice(0, 15).toUpperCase()}`, secretAccessKey: secret() };
  const endpoint = startAwsEndpoint({
    cluster,
    machines: compute.fleet,
    timeScale,
    region: awsRegion,
    tell: (message) => context.events.tell('fis', message),
    ...keys,
  });
  const aws = await lifetime.starts(endpoint, (started) => started.close());
  progress('database: readers up, AWS endpoint up');
  return {
    aws: { endpoint: aws.endpoint, region: awsRegion, ...keys },
    database: {
      clusterId: cluster.id,
      name: cluster.databaseName,
      user: 'auditor',
      password: cluster.passwords.auditor,
      writerName: cluster.writerName,
      readerName: cluster.readerName,
    },
    versions: { postgresql: cluster.version, node: process.version },
    fidelity: [...cluster.fidelity, ...fidelity, ...awsFidelity],
  };
}

function clusterOptions(context: Context, compute: Compute, nodesUp: Promise<void>): ClusterOptions {
  const { dir, id: regionId, switches, events, logDir, dns, progress } = context;
  return {
    dir: join(dir, 'database'),
    dns,
    countOrders,
    quorumCommit: !switches.region.has('quorum-commit'),
    onEvent: (event) => events.record(event),
    migrate: async (writer) => {
      progress('database: writer up');
      // Pods are placed once all nodes are there, or they would crowd onto the first.
      void nodesUp.then(() => deployShop(context, compute, writer.passwords.shop)).catch(() => {});
      await migrateShop({ regionId, writer, without: switches.shop, logFile: join(logDir, 'migrate.log') });
      progress('database: catalogue in place');
    },
  };
}

function explain(error: Error): never {
  if (error instanceof RegionError) throw error;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && syscall?.startsWith('spawn'))
    throw new RegionError(`The database needs ${path}, which is not on the PATH.`, 4, { cause: error });
  throw new RegionError(`The database did not start: ${error.message}`, 1, { cause: error });
}

/** As early as possible: the pods load their code while the database is filled, and wait for its names. */
function deployShop(context: Context, { controller }: Compute, password: string): void {
  const { id: regionId, switches, dns } = context;
  const dnsServer = `${dns.host}:${dns.port}`;
  const access = { regionId, password, dnsServer, without: switches.shop };
  const minPods = podsAtStart(context);
  let first: string | undefined;
  const spec = (pod: { name: string; zone: string }) => {
    first ??= pod.name;
    return podSpec({ ...pod, isFirst: pod.name === first }, access);
  };
  controller.deploy({ replicas: constants.basePods, minPods, spec });
}

const podsAtStart = ({ scaledOut }: RegionOptions): number => (scaledOut ? constants.maxPods : constants.minPods);

async function startEdgeOf(context: Context, { control: { url: controlUrl } }: Compute): Promise<RunningEdge> {
  const { id: regionId, edgePort: port, logDir, lifetime, progress } = context;
  const starting = startEdge({ regionId, controlUrl, port, healthChecks: hasHealthChecks(context), logDir });
  const edge = await lifetime.starts(starting, (started) => started.process.stop(stopGraceMs));
  watch(context, 'edge', edge.process);
  progress(`edge up at ${edge.url}`);
  return edge;
}

/** Reports a process that ends though nobody asked it to. */
function watch({ events, lifetime }: Context, source: string, { name, exited }: OwnProcess): void {
  void exited.then((how) => {
    if (!lifetime.isEnding) events.tell(source, `${name} ended unexpectedly (${how})`);
  });
}

const hasHealthChecks = ({ switches }: RegionOptions): boolean => !switches.region.has('edge-health-checks');

const secret = (): string => randomBytes(20).toString('hex');
