import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAwsEndpoint } from './aws/endpoint.ts';
import { Controller } from './compute/controller.ts';
import { nodesOfRegion, startComputeNode } from './compute/nodes.ts';
import { constants, fidelity } from './constants.ts';
import { type ControlApi, startControlApi } from './control-api.ts';
import { startCluster } from './database/cluster.ts';
import type { ClusterOptions, DatabaseCluster } from './database/types.ts';
import { type DnsServer, startDns } from './dns/server.ts';
import { type RunningEdge, startEdge } from './edge/start.ts';
import { RegionError } from './errors.ts';
import { EventLog } from './events.ts';
import type { Lifetime } from './lifetime.ts';
import type { OwnProcess } from './processes.ts';
import type { Switches } from './protections.ts';
import { poll, untilServing } from './readiness.ts';
import type { RegionDocument } from './region-document.ts';
import { migrateShop, podSpec, tenants } from './shop.ts';

export interface RegionOptions {
  id: string;
  /** An empty folder; removed at the end. */
  dir: string;
  /** 0: any free port. */
  edgePort: number;
  /** Names of protections as the person gave them, and the same by whose they are. */
  without: string[];
  switches: Switches;
  progress: (message: string) => void;
}

const awsRegion = 'local-1';
const stopGraceMs = 1_200;

/** What the parts of one region share. */
interface Context extends RegionOptions {
  lifetime: Lifetime;
  logDir: string;
  /** Lets a node talk to the control API. */
  token: string;
  events: EventLog;
  controller: Controller;
  dns: DnsServer;
  /** null until it is up. */
  cluster: DatabaseCluster | null;
}

/**
 * Starts a whole region, and resolves when every pod gets requests from the edge. Throws RegionError when a part
 * does not start or the lifetime is ended meanwhile. Ending the lifetime is the caller's in any case.
 */
export async function startRegion(options: RegionOptions, lifetime: Lifetime): Promise<RegionDocument> {
  const startedAt = new Date().toISOString();
  const context = await prepare(options, lifetime);
  const control = await startControl(context);
  const [database, edge] = await Promise.all([
    startDatabase(context),
    startEdgeOf(context, control),
    startNodes(context, control),
  ]);
  await untilServing({ ...context, edge, healthChecks: hasHealthChecks(context) });
  return {
    id: options.id,
    pid: process.pid,
    dir: options.dir,
    startedAt,
    edge: { url: edge.url, adminUrl: edge.adminUrl },
    control: { url: control.url },
    dns: { host: context.dns.host, port: context.dns.port },
    ...database,
    tenants,
    without: options.without,
    scale: "1:10 of the reference platform's request rate",
  };
}

async function prepare(options: RegionOptions, lifetime: Lifetime): Promise<Context> {
  lifetime.throwIfEnding();
  const logDir = join(options.dir, 'logs');
  await mkdir(logDir, { mode: 0o700 });
  const events = new EventLog(join(options.dir, 'events.ndjson'));
  const controller = new Controller({ event: (source, message) => events.tell(source, message) });
  const dns = await lifetime.starts(startDns(), (started) => started.close());
  return { ...options, lifetime, logDir, token: secret(), events, controller, dns, cluster: null };
}

async function startControl(context: Context): Promise<ControlApi> {
  const { id: regionId, token, controller, events, lifetime, progress } = context;
  const describeDatabase = () => context.cluster?.describe() ?? null;
  const starting = startControlApi({ regionId, token, controller, events, describeDatabase });
  const control = await lifetime.starts(starting, (started) => started.close());
  const ticking = setInterval(() => controller.tick(), constants.controllerTickMs);
  await lifetime.starts(Promise.resolve(ticking), clearInterval);
  progress('control API and DNS up');
  return control;
}

async function startDatabase(
  context: Context,
): Promise<Pick<RegionDocument, 'aws' | 'database' | 'versions' | 'fidelity'>> {
  const { lifetime, progress } = context;
  const starting = startCluster(clusterOptions(context)).catch(explain);
  const cluster = await lifetime.starts(starting, (started) => started.stop());
  context.cluster = cluster;
  const keys = { accessKeyId: `LOCAL${secret().slice(0, 15).toUpperCase()}`, secretAccessKey: secret() };
  const endpoint = startAwsEndpoint({ cluster, region: awsRegion, ...keys });
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
    fidelity: [...cluster.fidelity, ...fidelity],
  };
}

function clusterOptions(context: Context): ClusterOptions {
  const { dir, id: regionId, switches, events, logDir, dns, progress } = context;
  return {
    dir: join(dir, 'database'),
    dns,
    quorumCommit: !switches.region.has('quorum-commit'),
    onEvent: (event) => events.record(event),
    migrate: async (writer) => {
      progress('database: writer up');
      deployShop(context, writer.passwords.shop);
      await migrateShop({ regionId, writer, without: switches.shop, logFile: join(logDir, 'migrate.log') });
      progress('database: catalogue in place');
    },
  };
}

function explain(error: Error): never {
  if (error instanceof RegionError) throw error;
  throw new RegionError(`The database did not start: ${error.message}`, 1, { cause: error });
}

/** As early as possible: the pods load their code while the database is filled, and wait for its names. */
function deployShop({ id: regionId, switches, dns, controller }: Context, password: string): void {
  const access = { regionId, password, dnsServer: `${dns.host}:${dns.port}`, without: switches.shop };
  controller.deploy({ replicas: constants.replicas, spec: (pod) => podSpec(pod, access) });
}

async function startEdgeOf(context: Context, { url: controlUrl }: ControlApi): Promise<RunningEdge> {
  const { id: regionId, edgePort: port, logDir, lifetime, progress } = context;
  const starting = startEdge({ regionId, controlUrl, port, healthChecks: hasHealthChecks(context), logDir });
  const edge = await lifetime.starts(starting, (started) => started.process.stop(stopGraceMs));
  watch(context, 'edge', edge.process);
  progress(`edge up at ${edge.url}`);
  return edge;
}

async function startNodes(context: Context, { url: controlUrl }: ControlApi): Promise<void> {
  const { id: regionId, token, logDir, lifetime, controller, progress } = context;
  const nodes = nodesOfRegion();
  for (const node of nodes) {
    const starting = startComputeNode(node, { regionId, controlUrl, token, logDir });
    const { agent } = await lifetime.starts(starting, (started) => started.agent.stop(stopGraceMs));
    watch(context, 'node', agent);
  }
  await poll(lifetime, () => controller.nodes().length === nodes.length);
  progress(`${nodes.length} nodes Ready`);
}

/** Tells of a process that ends though nobody asked it to. */
function watch({ events, lifetime }: Context, source: string, { name, exited }: OwnProcess): void {
  void exited.then((how) => {
    if (!lifetime.isEnding) events.tell(source, `${name} ended unexpectedly (${how})`);
  });
}

const hasHealthChecks = ({ switches }: RegionOptions): boolean => !switches.region.has('edge-health-checks');

const secret = (): string => randomBytes(20).toString('hex');
