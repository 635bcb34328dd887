import { type V1Node, type V1Pod, VersionApi } from '@kubernetes/client-node';
import type { Capability } from '../../model/capabilities.ts';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { invalid } from '../../model/errors.ts';
import type { Machines } from '../../model/facets.ts';
import type { Undo } from '../../model/fault.ts';
import type { Platform } from '../../model/platform.ts';
import type { Inventory, StandUpOptions, Target } from '../../model/target.ts';
import { forgetPgVariables } from '../forget-pg-variables.ts';
import { apiWords, type ClusterApi, clusterApi, listAll } from './cluster-api.ts';
import { clusterFacet } from './cluster-facet.ts';
import { cnpgDatabase } from './cnpg-database.ts';
import { handsOf } from './hands.ts';
import { capacityOf, podIsReady, zoneOf } from './objects.ts';
import { ordersFacet } from './read-orders.ts';
import { standUpShop } from './stand-up.ts';
import { goneTimeoutMs, tearDownShop } from './tear-down.ts';
import { namespaceUndoKind } from './undo-kinds.ts';
import { unfitFor } from './unfit.ts';
import { type Watches, watchAll } from './watches.ts';

/** One in each zone: database.yaml. */
const databaseInstances = ['db-1', 'db-2', 'db-3'];
const shopPort = 8080;
/** Volumes, images and three instances of a database, one after the other. */
const standUpMs = 480_000;

/** Settings of a cluster, and the folder that its file's relative paths and commands start from. */
export interface LoadedCluster {
  settings: ClusterSettings;
  folder: string;
}

/** The reference platform in a namespace of its own on a cluster. @param protections those of the shop */
export function kubernetesTarget(cluster: LoadedCluster, protections: string[]): Target {
  const { settings } = cluster;
  const api = clusterApi(settings);
  forgetPgVariables();
  return {
    name: 'kubernetes',
    capabilities: capabilitiesOf(settings),
    protections,
    timeScale: settings.timeScale,
    unfit: (signal) => unfitFor(api, settings, signal),
    standUpMs,
    guide: 'docs/KUBERNETES.md',
    wayOut: 'name what the cluster can do in its settings: docs/KUBERNETES.md',
    inventory: () => inventoryOf(api),
    standUp: (options) => standUp(api, cluster, options),
  };
}

const capabilitiesOf = ({ podNetwork, machines }: ClusterSettings): ReadonlySet<Capability> =>
  new Set<Capability>([
    'database-failover',
    'order-readback',
    'protection-switches',
    'node-inventory',
    'autoscaling',
    ...(podNetwork ? (['replica-probes'] as const) : []),
    'kubernetes-api',
    ...(machines ? (['machine-power', 'spot-nodes'] as const) : []),
  ]);

async function inventoryOf(api: ClusterApi): Promise<Inventory> {
  const { items } = await listAll<V1Node>(api, 'v1', 'Node').catch((error: unknown) => {
    throw invalid(
      `the API server of ${api.context} cannot be asked: ${apiWords(error)}`,
      'kubectl --context shows whether it answers you',
    );
  });
  const nodes = items.map((node) => ({
    name: node.metadata?.name ?? '',
    zone: zoneOf(node),
    capacity: capacityOf(node),
  }));
  const zones = [...new Set(nodes.map(({ zone }) => zone))].filter(Boolean).sort();
  return {
    zones,
    nodes,
    databaseInstances: databaseInstances.map((id, index) => ({ id, zone: zones[index % zones.length] ?? '' })),
  };
}

async function standUp(api: ClusterApi, cluster: LoadedCluster, options: StandUpOptions): Promise<Platform> {
  const { runId, willChange, progress, signal } = options;
  const { settings } = cluster;
  const namespace = `tenfold-${runId.toLowerCase()}`;
  if (options.keep)
    throw invalid('--keep is for the pocket region', 'leave it out: a cluster keeps nothing of a drill');
  const place = { kubeconfig: api.kubeconfig, context: settings.context, namespace, runId, timeoutMs: goneTimeoutMs };
  const undone = willChange({ kind: namespaceUndoKind, ...place });
  const wish = { runId, namespace, without: options.without, pods: options.scaledOut ? settings.peakPods : undefined };
  const baseUrl = await standUpShop(api, { wish, settings, signal, progress });
  const { gitVersion } = await api.config.makeApiClient(VersionApi).getCode();
  const watches = await watchAll(api, namespace);
  return platformOf(api, cluster, { namespace, baseUrl, watches, version: gitVersion }, async () => {
    await tearDownShop(api, place);
    undone();
  });
}

interface Stood {
  namespace: string;
  baseUrl: string;
  watches: Watches;
  version: string;
}

function platformOf(
  api: ClusterApi,
  { settings, folder }: LoadedCluster,
  { namespace, baseUrl, watches, version }: Stood,
  end: () => Promise<void>,
): Platform {
  const cluster = clusterFacet(api, namespace, watches);
  return {
    kept: false,
    pid: null,
    versions: { kubernetes: version },
    scale: `${watches.nodes.all().length} nodes`,
    fidelity: fidelityOf(settings),
    shop: { baseUrl, tenants: ['north', 'south'] },
    orders: ordersFacet(api, namespace, watches),
    cluster,
    database: cnpgDatabase(api, namespace, watches),
    kubernetes: handsOf(api, namespace, watches),
    ...(settings.podNetwork && { replicas: { list: async () => replicasIn(watches) } }),
    ...(settings.machines && { machines: machinesOf(settings.machines, folder) }),
    async [Symbol.asyncDispose]() {
      cluster[Symbol.dispose]();
      watches[Symbol.dispose]();
      await end();
    },
  };
}

const replicasIn = ({ pods, nodes }: Watches) =>
  pods
    .all()
    .filter((pod: V1Pod) => pod.metadata?.labels?.app === 'storefront' && podIsReady(pod))
    .map(({ metadata, spec, status }) => ({
      name: metadata?.name ?? '',
      node: spec?.nodeName ?? '',
      zone: zoneOf(nodes.all().find((node) => node.metadata?.name === spec?.nodeName)),
      baseUrl: `http://${status?.podIP}:${shopPort}`,
    }));

function machinesOf({ off, on }: NonNullable<ClusterSettings['machines']>, cwd: string): Machines {
  const of = ({ argv: [program, ...args], timeoutMs }: typeof off, node: string) => ({
    argv: [program, ...args.map((arg) => arg.replaceAll('{node}', node))] as [string, ...string[]],
    timeoutMs,
  });
  return { off: (node) => of(off, node), on: (node) => of(on, node), cwd };
}

const fidelityOf = ({ timeScale, podNetwork }: ClusterSettings): string[] => [
  'All load comes from one machine, over HTTP/1.1.',
  ...(timeScale > 1
    ? [`The clocks of the cluster run ${timeScale} times as fast as production's, as its settings say.`]
    : []),
  ...(podNetwork ? [] : ['Replicas are not probed directly: their addresses cannot be reached from here.']),
];

/** Takes down what a dead drill left on a cluster. */
export async function undoNamespace({ kubeconfig, context, namespace, runId }: Undo): Promise<void> {
  const api = clusterApi({ kubeconfig: String(kubeconfig), context: String(context) });
  await tearDownShop(api, { namespace: String(namespace), runId: String(runId) });
}
