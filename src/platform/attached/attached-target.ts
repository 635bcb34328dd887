import { join } from 'node:path';
import type { Capability } from '../../model/capabilities.ts';
import { missingOf } from '../../model/cluster-settings.ts';
import type { Config } from '../../model/config.ts';
import { invalid } from '../../model/errors.ts';
import type { Orders } from '../../model/facets.ts';
import { contextRefusal } from '../../model/guards.ts';
import type { Platform } from '../../model/platform.ts';
import { secretsIn } from '../../model/secrets.ts';
import type { TrafficRequest } from '../../model/shop-request.ts';
import type { Inventory, Target } from '../../model/target.ts';
import { waitFor } from '../../runtime/clock.ts';
import { checksum, isFile, shortSum } from '../../runtime/files.ts';
import { unusedProxies } from '../../runtime/way.ts';
import type { AttachedCluster } from '../kubernetes/attached-cluster.ts';
import { createdOnCluster, drillRights } from '../kubernetes/creates.ts';
import { cnpgFailoverRights } from '../kubernetes/failover-rights.ts';
import { problemsOf } from './look-at-shop.ts';
import { readOrders } from './read-orders.ts';
import { shopVersion } from './shop-version.ts';

/** A shop may need a moment after a drill before it can be asked for its orders. */
const readBackPatienceMs = 20_000;

/** After a drill it answers as it should within this time, or somebody has to look at it. */
const leftBehindMs = 30_000;

/** A shop that its owner runs: nothing of it is started or ended here. */
export async function attachedTarget(config: Config, folder: string): Promise<Target> {
  const { cluster, secrets } = config;
  let nodesLeft: AttachedCluster['nodesLeft'] = async () => [];
  return {
    name: 'attached',
    capabilities: capabilitiesOf(config, await toolsOf(config)),
    protections: [],
    checkoutShare: writeShareOf(config),
    guide: 'docs/ATTACHED.md',
    wayOut: `${cluster ? 'name more of the cluster in the config, such as a zone or machines (docs/KUBERNETES.md), or ' : ''}define a drill in the config, with a fault by commands: docs/ATTACHED.md`,
    ...(cluster && {
      isShared: true,
      timeScale: cluster.timeScale,
      missing: missingOf(cluster),
      creates: createdOnCluster,
      rights: drillRights,
      failoverRights: cnpgFailoverRights,
    }),
    unfit: async (signal, { readsOnly, rights } = {}) => [
      ...(await problemsOf(config, signal, readsOnly ? 'reads' : 'all')),
      ...(cluster ? await (await kubernetes()).clusterProblems(cluster, signal, rights) : []),
    ],
    ...(cluster && {
      lock: async (options) => await (await kubernetes()).lockClusterOf(cluster, options),
      usedBy: async () => await (await kubernetes()).clusterUsedBy(cluster),
    }),
    leftBehind: async (signal) => [...(await shopLeft(config, signal)), ...(await nodesLeft(signal))],
    versions: async (signal) => ({
      config: shortSum(config),
      ...(config.traffic.script && { script: await sumOf(join(folder, config.traffic.script)) }),
      ...(config.version && { shop: await shopVersion(config.version, { cwd: folder, secrets, signal }) }),
      ...(cluster && (await (await kubernetes()).clusterMadeOf(cluster))),
    }),
    inventory: async ({ rights } = {}) => await inventoryOf(config, rights),
    async standUp({ signal, progress }) {
      progress(`using the shop at ${config.baseUrl}`);
      for (const line of proxyLines()) progress(line);
      signal.throwIfAborted();
      const attached = cluster ? await (await kubernetes()).attachCluster(cluster, { folder, secrets }) : null;
      if (attached) nodesLeft = attached.nodesLeft;
      return attachedPlatform(config, attached);
    },
  };
}

/** One that is not there is told with all else that is wrong. */
const sumOf = async (path: string): Promise<string> =>
  isFile(path) ? `sha256 ${(await checksum(path)).sha256.slice(0, 16)}` : 'not there';

/** What of the shop is not as it should be, in words. Waits for it for a bounded time. */
async function shopLeft(config: Config, signal: AbortSignal): Promise<string[]> {
  let problems: string[] = [];
  const well = async () => {
    problems = await problemsOf(config, signal);
    return problems.length === 0 || undefined;
  };
  const waiting = { timeoutMs: leftBehindMs, intervalMs: 1_000, signal };
  await waitFor('the shop to answer as before', well, waiting).catch(() => {});
  return problems;
}

/** @throws TenfoldError (invalid) where the cluster may not be drilled: then it is asked nothing either */
async function inventoryOf({ cluster, guards }: Config, rights: readonly string[] | undefined): Promise<Inventory> {
  if (cluster === null) return { zones: [], nodes: [], databaseInstances: [] };
  const refusal = contextRefusal(cluster.context, guards);
  if (refusal) throw invalid(refusal.message, refusal.remedy);
  return await (await kubernetes()).clusterInventory(cluster, rights);
}

/** The client of Kubernetes takes half a second to load: only those wait who use it. */
const kubernetes = async () => await import('../kubernetes/attached-cluster.ts');

/** One that may not be drilled is asked nothing. */
const toolsOf = async ({ cluster, guards }: Config): Promise<Capability[]> =>
  cluster === null || contextRefusal(cluster.context, guards) ? [] : await (await kubernetes()).clusterTools(cluster);

const capabilitiesOf = ({ orders, replicas, cluster }: Config, tools: readonly Capability[]): ReadonlySet<Capability> =>
  new Set([
    ...tools,
    ...(orders === null ? [] : (['order-readback'] as const)),
    ...(replicas.length === 0 ? [] : (['replica-probes'] as const)),
    ...(cluster ? (['node-inventory', 'kubernetes-api', 'workload-changes', 'autoscaling'] as const) : []),
    ...(cluster?.machines ? (['machine-power', 'spot-nodes'] as const) : []),
    ...(cluster?.machines?.cut ? (['machine-network'] as const) : []),
    ...(cluster?.controlPlane ? (['control-plane-power'] as const) : []),
    ...(cluster?.images?.k6 ? (['cluster-load'] as const) : []),
    ...(cluster?.images?.sentinel ? (['cluster-sentinel'] as const) : []),
    ...(cluster?.images?.network ? (['traffic-shaping'] as const) : []),
    ...(cluster?.cloudNativePg ? (['database-failover', 'network-policies'] as const) : []),
  ]);

const writeShareOf = ({ paths, traffic }: Config): number =>
  paths.write || traffic.script !== undefined ? traffic.writeShare : 0;

function attachedPlatform(config: Config, cluster: AttachedCluster | null): Platform {
  const { paths, probing, replicas, orders } = config;
  return {
    // Whether it is healthy is for its probes to say: in the steady state before the load, and in its recovery.
    kept: false,
    pid: null,
    versions: cluster ? { kubernetes: cluster.version } : {},
    scale: scaleOf(config),
    fidelity: [...fidelityOf(config), ...(cluster?.gaps ?? [])],
    shop: {
      baseUrl: config.baseUrl,
      tenants: [],
      probes: {
        read: paths.read.probe,
        write: paths.write?.probe ?? null,
        everyMs: { pooled: probing.pooledEveryMs, new: probing.newEveryMs, replica: probing.replicaEveryMs },
      },
      traffic: { read: trafficOf(paths.read), write: paths.write ? trafficOf(paths.write) : [] },
      variables: [...secretsIn(config.paths), ...config.secrets],
    },
    ...(orders && { orders: ordersOf(orders, config.baseUrl) }),
    ...(replicas.length > 0 && { replicas: { list: async () => replicas.map((one) => ({ ...one, node: '' })) } }),
    ...cluster?.facets,
    [Symbol.asyncDispose]: async () => cluster?.[Symbol.dispose](),
  };
}

const ordersOf = (orders: NonNullable<Config['orders']>, baseUrl: string): Orders => ({
  // What other customers order meanwhile is no business of a drill's.
  scope: 'run',
  async read(keyPrefix) {
    const waiting = { timeoutMs: readBackPatienceMs, intervalMs: 1_000 };
    return await waitFor('the orders to be read back', () => readOrders(orders, baseUrl, keyPrefix), waiting);
  },
});

/** What shoppers send of a path: what the config says, or else what the sentinel asks. */
const trafficOf = ({ requests, probe }: Config['paths']['read']): TrafficRequest[] =>
  requests ?? [{ ...probe, weight: 1, order: false }];

const scaleOf = ({ traffic }: Config): string =>
  `${traffic.baselineRatePerSecond} requests/s and ${traffic.baselineRatePerSecond * traffic.peakFactor} at peak, as set in the config`;

/** In words, where there is something to say. */
function proxyLines(): string[] {
  const names = unusedProxies();
  return names.length === 0 ? [] : [`Not used: ${names.join(', ')}. A proxy would be measured instead of the shop.`];
}

function fidelityOf({ baseUrl, orders, replicas, paths, traffic }: Config): string[] {
  return [
    `The shop at ${baseUrl} runs as its owner set it up: how it differs from production is not known here.`,
    ...proxyLines(),
    ...(traffic.script === undefined ? [] : [`The traffic comes from ${traffic.script}.`]),
    ...(paths.write ? [] : ['Nothing is written, so only reads are judged.']),
    ...(replicas.length > 0 ? [] : ['Replicas are not probed directly.']),
    orders
      ? "Only orders with the run's keys are read back: one under another key would not be noticed."
      : 'Orders are not read back, so lost and duplicate ones are not judged.',
  ];
}
