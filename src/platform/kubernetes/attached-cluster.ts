import type { V1Deployment, V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { ConfigCluster } from '../../model/config.ts';
import type { Facets } from '../../model/facets.ts';
import { endedContainersLine } from '../../model/fidelity.ts';
import type { Inventory } from '../../model/target.ts';
import { chaosToolsOn } from './chaos/chaos-tools.ts';
import { type ClusterApi, clusterApi, isNotFound, listAll, problemsIn } from './cluster-api.ts';
import { lockCluster } from './cluster-lock.ts';
import { type CnpgPlace, cnpgNames } from './cnpg-database.ts';
import { dnsKept } from './dns.ts';
import { selects } from './label-selector.ts';
import { leaseHolder } from './lease-holder.ts';
import { podRights } from './load/rights.ts';
import { nodesMadeOf, workloadMadeOf } from './made-of.ts';
import { nodesOf, openCluster, rememberNodes } from './open-cluster.ts';
import { answerOf, foundWith, inNamespace, leaseRights, type Right, rightsNamedIn, watch } from './rights.ts';
import { isAgent } from './shaping/agent.ts';
import { hasLabels, type Workload } from './workload.ts';
import { workloadSizes } from './workloads.ts';

/** What drilling somebody's workload needs: nothing of it is created, and nothing is deleted for good. */
const rightsFor = ({ namespace, machines, cloudNativePg }: ConfigCluster): Right[] => [
  { group: '', resource: 'nodes', verbs: machines ? [...watch, 'patch'] : watch },
  { group: '', resource: 'namespaces', verbs: ['get'] },
  ...leaseRights,
  ...inNamespace(namespace, [
    { group: '', resource: 'pods', verbs: cloudNativePg ? [...watch, 'delete'] : watch },
    ...(machines ? [{ group: '', resource: 'pods/eviction', verbs: ['create'] }] : []),
    { group: '', resource: 'events', verbs: watch },
    { group: 'metrics.k8s.io', resource: 'pods', verbs: ['list'] },
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: watch },
    { group: 'apps', resource: 'deployments', verbs: watch },
    { group: 'apps', resource: 'statefulsets', verbs: ['list'] },
    { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: watch },
    { group: 'policy', resource: 'poddisruptionbudgets', verbs: watch },
    ...(cloudNativePg
      ? [
          { group: 'postgresql.cnpg.io', resource: 'clusters', verbs: watch },
          { group: 'postgresql.cnpg.io', resource: 'clusters/status', verbs: ['patch'] },
        ]
      : []),
  ]),
];

/** What is installed on the cluster by which faults can be injected; nothing where it cannot be asked, which is told later. */
export async function clusterTools(settings: ConfigCluster): ReturnType<typeof chaosToolsOn> {
  try {
    return await chaosToolsOn(clusterApi(settings));
  } catch {
    return [];
  }
}

/** One drill at a time on a cluster. */
export const lockClusterOf = (settings: ConfigCluster, options: Parameters<typeof lockCluster>[1]) =>
  lockCluster(clusterApi(settings), options);

/** Which drill is using a cluster now. */
export const clusterUsedBy = (settings: ConfigCluster) => leaseHolder(clusterApi(settings));

const workloadOf = ({ namespace, pods }: ConfigCluster): Workload => ({ namespace, labels: pods });

/** What a drill needs to be allowed to do, that of its fault and of its instruments too. */
const allRights = async (
  api: ClusterApi,
  settings: ConfigCluster,
  faultRights: readonly string[] = [],
): Promise<Right[]> => [
  ...rightsFor(settings),
  ...(await podRights(api, settings.images)),
  ...rightsNamedIn(settings.namespace, faultRights),
];

/** What keeps a shop's cluster from being drilled, in words, all at once; changes nothing. @param faultRights what the fault needs besides */
export async function clusterProblems(
  settings: ConfigCluster,
  signal: AbortSignal,
  faultRights: readonly string[] = [],
): Promise<string[]> {
  const api = clusterApi(settings);
  return await problemsIn(api, signal, async () =>
    foundWith(api, await allRights(api, settings, faultRights), [() => shopMissing(api, settings)]),
  );
}

async function shopMissing(api: ClusterApi, settings: ConfigCluster): Promise<string[]> {
  const gone = await namespaceGoes(api, settings.namespace);
  if (gone) return [gone];
  return [...(await podsMissing(api, settings)), ...(await databaseMissing(api, settings))];
}

async function podsMissing(api: ClusterApi, { namespace, pods }: ConfigCluster): Promise<string[]> {
  const labels = Object.entries(pods)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const { items } = await listAll(api, 'v1', 'Pod', { namespace, labels });
  if (items.length === 0) return [`no pod in namespace ${namespace} has the labels ${labels} (cluster.pods)`];
  const deployments = await listAll<V1Deployment>(api, 'apps/v1', 'Deployment', { namespace });
  // How many there should be is known of deployments alone.
  return deployments.items.some(({ spec }) => hasLabels(spec?.template.metadata?.labels, pods))
    ? []
    : [
        `the pods with the labels ${labels} belong to no deployment in ${namespace}, and of others it is not known how many there should be`,
      ];
}

async function databaseMissing(api: ClusterApi, { namespace, cloudNativePg: name }: ConfigCluster): Promise<string[]> {
  if (name === undefined) return [];
  const names = await cnpgNames(api, namespace);
  if (names === undefined)
    return [
      `CloudNativePG is not installed on ${api.context}, and cluster.cloudNativePg names a cluster of it: leave it out where the database is another one`,
    ];
  if (names.includes(name)) return [];
  const others = names.length > 0 ? `name one of ${names.join(', ')}` : 'there is none at all';
  return [
    `there is no CloudNativePG cluster ${name} in namespace ${namespace} (cluster.cloudNativePg): ${others}, or leave it out where the database is another one`,
  ];
}

async function namespaceGoes({ core, context }: ClusterApi, name: string): Promise<string | undefined> {
  try {
    const { status } = await core.readNamespace({ name });
    return status?.phase === 'Terminating' ? `the namespace ${name} of ${context} is being deleted` : undefined;
  } catch (error) {
    if (isNotFound(error)) return `${context} has no namespace ${name} (cluster.namespace)`;
    throw error;
  }
}

/** What the shop and its cluster are made of, by name. */
export async function clusterMadeOf(settings: ConfigCluster): Promise<Record<string, string>> {
  const api = clusterApi(settings);
  return { ...(await workloadMadeOf(api, workloadOf(settings))), ...(await nodesMadeOf(api)) };
}

/** @param faultRights what the fault needs besides */
export async function clusterInventory(
  settings: ConfigCluster,
  faultRights: readonly string[] = [],
): Promise<Inventory> {
  const api = clusterApi(settings);
  const { namespace, cloudNativePg } = settings;
  return await answerOf(
    api,
    () => allRights(api, settings, faultRights),
    async () => {
      const { zones, nodes } = await nodesOf(api);
      const databaseInstances = cloudNativePg ? await instancesOf(api, { namespace, name: cloudNativePg }, nodes) : [];
      const workloads = await workloadSizes(api, workloadOf(settings));
      return { zones, nodes, databaseInstances, workloads, ...(await dnsKept(api)) };
    },
  );
}

/** The instances of a CloudNativePG cluster, and the zones of their nodes. */
async function instancesOf(
  api: ClusterApi,
  { namespace, name }: CnpgPlace,
  nodes: Inventory['nodes'],
): Promise<Inventory['databaseInstances']> {
  const labels = `cnpg.io/cluster=${name},cnpg.io/podRole=instance`;
  const { items } = await listAll<V1Pod>(api, 'v1', 'Pod', { namespace, labels });
  return items.map(({ metadata, spec }) => ({
    id: metadata?.name ?? '',
    zone: nodes.find((node) => node.name === spec?.nodeName)?.zone ?? '',
  }));
}

/** A shop's cluster as it is: its facets, and what it lacks for surviving a fault, in words. */
export interface AttachedCluster extends Disposable {
  facets: Partial<Facets>;
  version: string;
  gaps: string[];
  /** Which nodes are not as they were when it was attached, in words; also once it is disposed of. */
  nodesLeft: (signal: AbortSignal) => Promise<string[]>;
}

export async function attachCluster(
  settings: ConfigCluster,
  { folder, secrets }: { folder: string; secrets: readonly string[] },
): Promise<AttachedCluster> {
  const api = clusterApi(settings);
  const workload = workloadOf(settings);
  const { cloudNativePg: cnpg = null } = settings;
  using stack = new DisposableStack();
  const opened = stack.use(await openCluster(api, { workload, cnpg, settings, folder, secrets }));
  const { deployments, budgets, pods } = opened.watches;
  const gaps = [...gapsOf(deployments.all(), budgets.all()), ...agentsLeft(pods.all())];
  const nodesLeft = await rememberNodes(api);
  const all = stack.move();
  return {
    facets: opened.facets,
    version: opened.version,
    gaps,
    nodesLeft,
    [Symbol.dispose]: () => all.dispose(),
  };
}

/** The ephemeral containers that earlier drills have left in pods, ended; in words. */
function agentsLeft(pods: readonly V1Pod[]): string[] {
  const having = pods.filter(({ spec }) => spec?.ephemeralContainers?.some(({ name }) => isAgent(name)));
  if (having.length === 0) return [];
  return [endedContainersLine(having.map(({ metadata }) => metadata?.name ?? ''))];
}

type Lack = (deployment: V1Deployment, budgets: readonly V1PodDisruptionBudget[]) => boolean;

const podOf = ({ spec }: V1Deployment) => spec?.template.spec;
const containersOf = (deployment: V1Deployment) => podOf(deployment)?.containers ?? [];

/** What deployments may lack of what drills take for granted, and what comes of it. */
const lacks: [string, Lack][] = [
  ['One replica, so its node takes all of it along', ({ spec }) => (spec?.replicas ?? 1) < 2],
  [
    'No readiness probe, so pods are sent requests before they can serve',
    (deployment) => containersOf(deployment).some(({ readinessProbe }) => readinessProbe === undefined),
  ],
  [
    'No CPU requested, so it can be neither scaled by its use nor told from what it would need',
    (deployment) => containersOf(deployment).some(({ resources }) => resources?.requests?.cpu === undefined),
  ],
  [
    'No disruption budget, so a drain may take all of its pods at once',
    ({ spec }, budgets) =>
      !budgets.some((budget) => {
        const { selector } = budget.spec ?? {};
        return selector !== undefined && selects(selector, spec?.template.metadata?.labels ?? {});
      }),
  ],
  [
    'Not spread over zones or nodes, so one may hold all of its pods',
    (deployment) => !podOf(deployment)?.topologySpreadConstraints && !podOf(deployment)?.affinity?.podAntiAffinity,
  ],
  [
    'Pods are replaced only five minutes after their node is known to be lost, as no shorter tolerationSeconds is set',
    (deployment) =>
      !podOf(deployment)?.tolerations?.some(
        ({ key, tolerationSeconds }) => key === 'node.kubernetes.io/unreachable' && tolerationSeconds !== undefined,
      ),
  ],
];

/** What the deployments of a shop lack, each with the names of those that do. */
export const gapsOf = (deployments: readonly V1Deployment[], budgets: readonly V1PodDisruptionBudget[]): string[] =>
  lacks.flatMap(([what, isLacking]) => {
    const names = deployments.filter((one) => isLacking(one, budgets)).map(({ metadata }) => metadata?.name);
    return names.length === 0 ? [] : [`${what}: ${names.join(', ')}.`];
  });
