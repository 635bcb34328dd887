import type { Capability } from '../../model/capabilities.ts';
import { type ClusterSettings, missingOf } from '../../model/cluster-settings.ts';
import { invalid } from '../../model/errors.ts';
import type { Undo } from '../../model/fault.ts';
import type { Platform } from '../../model/platform.ts';
import type { Inventory, StandUpOptions, Target, WorkloadSize } from '../../model/target.ts';
import { forgetPgVariables } from '../forget-pg-variables.ts';
import { readStorefrontPools } from '../storefront-pools.ts';
import { chaosToolsOn } from './chaos/chaos-tools.ts';
import { type ClusterApi, clusterApi, placeOf, sameCluster } from './cluster-api.ts';
import { lockCluster } from './cluster-lock.ts';
import { createdWithShop, drillRights } from './creates.ts';
import { dnsKept } from './dns.ts';
import { cnpgFailoverRights, rightsWithout } from './failover-rights.ts';
import { heldBackWords } from './hold-back.ts';
import { leaseHolder } from './lease-holder.ts';
import { nodesMadeOf } from './made-of.ts';
import { type Parts, readManifests } from './manifests.ts';
import { podIsReady, zoneOf } from './objects.ts';
import { nodesOf, openCluster, rememberNodes } from './open-cluster.ts';
import { clusterProtections } from './protections.ts';
import { ordersFacet } from './read-orders.ts';
import { answerOf } from './rights.ts';
import { settingsMadeOf } from './settings-made-of.ts';
import { standUpShop } from './stand-up.ts';
import { deleteNamespace, goneTimeoutMs, tearDownShop } from './tear-down.ts';
import { namespaceUndoKind } from './undo-kinds.ts';
import { allRights, unfitFor } from './unfit.ts';
import type { Watches } from './watches.ts';
import { isOfWorkload, type Workload } from './workload.ts';
import { sizeOf } from './workloads.ts';

/** One in each zone: database.yaml. */
export const databaseInstances = ['db-1', 'db-2', 'db-3'];
const shopLabels = { app: 'storefront' };
const shopPort = 8080;
/** Volumes, images and three instances of a database, one after the other. */
export const standUpMs = 480_000;

/** Settings of a cluster, and the folder that its file's relative paths and commands start from. */
export interface LoadedCluster {
  settings: ClusterSettings;
  folder: string;
}

/** The reference platform in a namespace of its own on a cluster. @param shopProtections those of the shop */
export async function kubernetesTarget(cluster: LoadedCluster, shopProtections: string[]): Promise<Target> {
  const { settings } = cluster;
  const api = clusterApi(settings);
  forgetPgVariables();
  // A namespace of its own has no experiments of Litmus's, and takes none of its pods.
  const hasChaosMesh = (await chaosToolsOn(api)).includes('chaos-mesh');
  let nodesLeft: (signal: AbortSignal) => Promise<string[]> = async () => [];
  return {
    name: 'kubernetes',
    isShared: true,
    capabilities: capabilitiesOf(settings, hasChaosMesh),
    protections: [...shopProtections, ...clusterProtections],
    timeScale: settings.timeScale,
    missing: missingOf(settings),
    creates: createdWithShop,
    rights: drillRights,
    failoverRights: cnpgFailoverRights,
    rightsWithout,
    unfit: (signal, { rights } = {}) => unfitFor(api, settings, signal, rights),
    lock: (options) => lockCluster(api, options),
    usedBy: () => leaseHolder(api),
    standUpMs,
    guide: 'docs/KUBERNETES.md',
    wayOut: 'name what the cluster can do in its settings: docs/KUBERNETES.md',
    versions: async () => ({ ...settingsMadeOf(settings), ...(await nodesMadeOf(api)) }),
    inventory: ({ rights } = {}) =>
      answerOf(
        api,
        () => allRights(api, settings, rights),
        () => inventoryOf(api, settings),
      ),
    leftBehind: (signal) => nodesLeft(signal),
    async standUp(options) {
      nodesLeft = await rememberNodes(api);
      return await standUp(api, cluster, options);
    },
  };
}

export const capabilitiesOf = (
  {
    podNetwork,
    machines,
    controlPlane,
    images,
  }: Pick<ClusterSettings, 'podNetwork' | 'machines' | 'controlPlane'> & {
    images: Pick<ClusterSettings['images'], 'k6' | 'network' | 'sentinel'>;
  },
  hasChaosMesh = false,
): ReadonlySet<Capability> =>
  new Set<Capability>([
    'database-failover',
    'order-readback',
    'protection-switches',
    'node-inventory',
    'autoscaling',
    ...(images.k6 === undefined ? [] : (['cluster-load'] as const)),
    ...(images.network === undefined ? [] : (['traffic-shaping'] as const)),
    ...(images.sentinel === undefined ? [] : (['cluster-sentinel'] as const)),
    ...(podNetwork ? (['replica-probes'] as const) : []),
    'kubernetes-api',
    'workload-changes',
    'network-policies',
    ...(hasChaosMesh ? (['chaos-mesh'] as const) : []),
    ...(machines ? (['machine-power', 'spot-nodes'] as const) : []),
    ...(machines?.cut ? (['machine-network'] as const) : []),
    ...(controlPlane ? (['control-plane-power'] as const) : []),
  ]);

async function inventoryOf(api: ClusterApi, settings: ClusterSettings): Promise<Inventory> {
  const { zones, nodes } = await nodesOf(api);
  const zoneAt = (index: number) => zones[index % zones.length] ?? '';
  return {
    zones,
    nodes,
    databaseInstances: databaseInstances.map((id, index) => ({ id, zone: zoneAt(index) })),
    ...(await dnsKept(api)),
    workloads: await plannedWorkloads(settings),
  };
}

/** As the manifests have them, with all the shop's pods. */
export async function plannedWorkloads(settings: Parts & Pick<ClusterSettings, 'peakPods'>): Promise<WorkloadSize[]> {
  const sizes = (await readManifests(settings)).flatMap((object) =>
    object.kind === 'Deployment' || object.kind === 'StatefulSet'
      ? [sizeOf({ kind: object.kind, object }, shopLabels)]
      : [],
  );
  return sizes.map((one) => (one.servesShoppers ? { ...one, pods: settings.peakPods } : one));
}

async function standUp(
  api: ClusterApi,
  { settings, folder }: LoadedCluster,
  options: StandUpOptions,
): Promise<Platform> {
  const { runId, willChange, progress, signal } = options;
  const namespace = `tenfold-${runId.toLowerCase()}`;
  if (options.keep)
    throw invalid(
      '--keep is for what tenfold starts: the pocket region, or --cluster k3s',
      'leave it out: npm run platform -- up --target kubernetes stands up a shop that stays',
    );
  const place = { namespace, runId, timeoutMs: goneTimeoutMs };
  const undone = willChange({ kind: namespaceUndoKind, ...(await placeOf(api)), ...place });
  const wish = { runId, namespace, without: options.without, pods: options.scaledOut ? settings.peakPods : undefined };
  const baseUrl = await standUpShop(api, { wish, settings, signal, progress });
  const workload = { namespace, labels: shopLabels };
  const drainsOnNotice = !options.without.includes('drain-on-spot-notice');
  const opened = await openCluster(api, {
    workload,
    cnpg: 'db',
    settings,
    drainsOnNotice,
    holdsBack: options.without.includes('quorum-commit'),
    folder,
    secrets: [],
  });
  const { watches, version, cnpg, facets } = opened;
  return {
    kept: false,
    pid: null,
    versions: { kubernetes: version },
    scale: `${watches.nodes.all().length} nodes`,
    fidelity: fidelityOf(settings, options.without),
    shop: { baseUrl, tenants: ['north', 'south'] },
    ...facets,
    ...(cnpg && { orders: ordersFacet(api, cnpg) }),
    ...(settings.podNetwork && {
      replicas: { list: async () => replicasIn(workload, watches) },
      pools: { read: async () => await readStorefrontPools(replicasIn(workload, watches)) },
    }),
    async [Symbol.asyncDispose]() {
      opened[Symbol.dispose]();
      await tearDownShop(api, place);
      undone();
    },
  };
}

const replicasIn = (workload: Workload, { pods, nodes }: Watches) =>
  pods
    .all()
    .filter((pod) => isOfWorkload(workload, pod) && podIsReady(pod))
    .map(({ metadata, spec, status }) => ({
      name: metadata?.name ?? '',
      node: spec?.nodeName ?? '',
      zone: zoneOf(nodes.all().find((node) => node.metadata?.name === spec?.nodeName)),
      baseUrl: `http://${status?.podIP}:${shopPort}`,
    }));

const fidelityOf = ({ timeScale, podNetwork, redis }: ClusterSettings, without: readonly string[]): string[] => [
  ...(timeScale > 1
    ? [`The clocks of the cluster run ${timeScale} times as fast as production's, as its settings say.`]
    : []),
  ...(redis
    ? [
        'Redis is one pod, and holds nothing that the database does not (ElastiCache: replicated, and sessions in it alone).',
      ]
    : ['There is no Redis: sessions are in the database, and each pod keeps the catalogue for itself.']),
  ...(without.includes('quorum-commit') ? [heldBackWords] : []),
  ...(podNetwork ? [] : ['Replicas are not probed directly: their addresses cannot be reached from here.']),
];

/** Takes down what a dead drill left on a cluster. */
export async function undoNamespace({ namespace, runId, isAlone, ...cluster }: Undo): Promise<void> {
  const takeDown = isAlone === true ? deleteNamespace : tearDownShop;
  await takeDown(await sameCluster(cluster), { namespace: String(namespace), runId: String(runId) });
}
