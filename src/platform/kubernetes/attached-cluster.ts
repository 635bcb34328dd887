import type { V1Deployment, V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { ConfigCluster } from '../../model/config.ts';
import type { Facets } from '../../model/facets.ts';
import type { Inventory } from '../../model/target.ts';
import { type ClusterApi, clusterApi, listAll, problemsIn } from './cluster-api.ts';
import type { CnpgPlace } from './cnpg-database.ts';
import { loadFacet } from './load/load-place.ts';
import { loadUnfit } from './load/rights.ts';
import { nodesOf, openCluster, rememberNodes } from './open-cluster.ts';
import { type Right, rightsLacking, watch } from './rights.ts';
import { deploymentsOf, hasLabels, type Workload } from './workload.ts';

/** What drilling somebody's workload needs: nothing of it is created, and nothing is deleted for good. */
const rights: readonly Right[] = [
  { group: '', resource: 'nodes', verbs: [...watch, 'patch'] },
  { group: '', resource: 'namespaces', verbs: ['get'] },
  { group: 'metrics.k8s.io', resource: 'pods', verbs: ['list'] },
  { group: '', resource: 'pods', verbs: [...watch, 'delete'] },
  { group: '', resource: 'pods/eviction', verbs: ['create'] },
  { group: '', resource: 'events', verbs: watch },
  { group: 'coordination.k8s.io', resource: 'leases', verbs: watch },
  { group: 'apps', resource: 'deployments', verbs: watch },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: watch },
  { group: 'policy', resource: 'poddisruptionbudgets', verbs: watch },
];

const workloadOf = ({ namespace, pods }: ConfigCluster): Workload => ({ namespace, labels: pods });

/** What keeps a shop's cluster from being drilled, in words, all at once; changes nothing. */
export async function clusterProblems(settings: ConfigCluster, signal: AbortSignal): Promise<string[]> {
  const api = clusterApi(settings);
  const asked = [...rights, ...(settings.cloudNativePg ? databaseRights : [])];
  const problems = await problemsIn(api, signal, async () => [
    ...(await rightsLacking(api, asked)),
    ...(await podsMissing(api, settings)),
  ]);
  return [...problems, ...(settings.images === undefined ? [] : await loadUnfit(api, signal))];
}

/** Of a failover. */
const databaseRights: readonly Right[] = [
  { group: 'postgresql.cnpg.io', resource: 'clusters', verbs: watch },
  { group: 'postgresql.cnpg.io', resource: 'clusters/status', verbs: ['patch'] },
];

async function podsMissing(api: ClusterApi, settings: ConfigCluster): Promise<string[]> {
  const { namespace, pods } = settings;
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

export async function clusterInventory(settings: ConfigCluster): Promise<Inventory> {
  const api = clusterApi(settings);
  const { zones, nodes } = await nodesOf(api);
  const { namespace, cloudNativePg } = settings;
  const databaseInstances = cloudNativePg ? await instancesOf(api, { namespace, name: cloudNativePg }, nodes) : [];
  return { zones, nodes, databaseInstances };
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
  const { machines, cloudNativePg = null } = settings;
  using stack = new DisposableStack();
  const opened = stack.use(await openCluster(api, { workload, cnpg: cloudNativePg, machines, folder, secrets }));
  const deployments = deploymentsOf(workload, opened.watches);
  const { items: budgets } = await listAll<V1PodDisruptionBudget>(api, 'policy/v1', 'PodDisruptionBudget', {
    namespace: settings.namespace,
  });
  const gaps = deployments.flatMap((deployment) => gapsOf(deployment, budgets));
  const nodesLeft = await rememberNodes(api);
  const all = stack.move();
  return {
    facets: { ...opened.facets, ...(await loadFacet(api, settings, workload)) },
    version: opened.version,
    gaps,
    nodesLeft,
    [Symbol.dispose]: () => all.dispose(),
  };
}

/** What a deployment lacks, of what the drills take for granted. */
export function gapsOf({ metadata, spec }: V1Deployment, budgets: readonly V1PodDisruptionBudget[]): string[] {
  const containers = spec?.template.spec?.containers ?? [];
  const labels = spec?.template.metadata?.labels ?? {};
  const isBudgeted = budgets.some(({ spec }) => {
    const wanted = spec?.selector?.matchLabels;
    return wanted && hasLabels(labels, wanted);
  });
  const lacks = [
    ...((spec?.replicas ?? 1) < 2 ? ['has one replica, so its node takes all of it along'] : []),
    ...(containers.some(({ readinessProbe }) => readinessProbe === undefined)
      ? ['has no readiness probe, so pods are sent requests before they can serve']
      : []),
    ...(containers.some(({ resources }) => resources?.requests?.cpu === undefined)
      ? ['requests no CPU, so it can be neither scaled by its use nor told from what it would need']
      : []),
    ...(isBudgeted ? [] : ['has no disruption budget, so a drain may take all of its pods at once']),
    ...(spec?.template.spec?.topologySpreadConstraints || spec?.template.spec?.affinity?.podAntiAffinity
      ? []
      : ['is not spread over zones or nodes, so one may hold all of its pods']),
  ];
  return lacks.map((lack) => `The deployment ${metadata?.name} ${lack}.`);
}
