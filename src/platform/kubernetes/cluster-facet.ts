import type { PodMetric } from '@kubernetes/client-node';
import type { Cluster, LiveInventory } from '../../model/facets.ts';
import type { ClusterApi } from './cluster-api.ts';
import type { CnpgWatch } from './cnpg-database.ts';
import { capacityOf, cores, nodeIsReady, podIsOver, podIsReady, zoneOf } from './objects.ts';
import { recordEvents } from './platform-events.ts';
import { recordPodEnds } from './pod-ends.ts';
import { noteScaledDown } from './scaled-down.ts';
import { recordSightings } from './sightings.ts';
import type { Watches } from './watches.ts';
import { autoscalersOf, deploymentsOf, isOfWorkload, type Workload } from './workload.ts';

/** The one thing that cannot be watched. metrics-server measures every 15 s: what is known of it is at most this much older. */
const metricsEveryMs = 5_000;

/**
 * Nodes and pods from what is watched: nothing is asked when somebody looks. The nodes that there are at the start are what is wanted, but
 * for those that an autoscaler takes away.
 * @throws Unheard (from inventory) while the API server is away: what was last heard of is not how things are
 */
export function clusterFacet(
  api: ClusterApi,
  workload: Workload,
  watches: Watches,
  cnpg: CnpgWatch | null,
): Cluster & Disposable {
  const readyAtStart = watches.nodes.all().filter(nodeIsReady);
  noteScaledDown(watches.nodes, api.scaledDown);
  const ends = recordPodEnds(watches, (pod) => isOfWorkload(workload, pod));
  const events = recordEvents(watches, cnpg);
  const sightings = recordSightings(workload, watches);
  const use = watchUse(api, workload.namespace);
  return {
    async inventory() {
      watches.refuseStale();
      const nodesWanted = readyAtStart.filter(({ metadata }) => !api.scaledDown.has(metadata?.name ?? '')).length;
      return { ...nodesOf(watches), nodesWanted, ...podsOf(workload, watches, use.cpu) };
    },
    podEnds: async (sinceMs) => ends().filter(({ atMs }) => atMs >= sinceMs),
    events: async (sinceMs) => events.filter(({ atMs }) => atMs >= sinceMs),
    sightings: async (sinceMs) => sightings.filter(({ atMs }) => atMs >= sinceMs),
    [Symbol.dispose]: () => use[Symbol.dispose](),
  };
}

function nodesOf({ nodes, pods }: Watches): Pick<LiveInventory, 'nodes'> {
  const instances = pods.all().filter(({ metadata }) => metadata?.labels?.['cnpg.io/podRole'] === 'instance');
  const withDatabase = new Set(instances.map(({ spec }) => spec?.nodeName));
  return {
    nodes: nodes.all().map((node) => ({
      name: node.metadata?.name ?? '',
      id: node.metadata?.uid ?? '',
      zone: zoneOf(node),
      capacity: capacityOf(node),
      ready: nodeIsReady(node),
      ...(withDatabase.has(node.metadata?.name) && { hasDatabase: true }),
    })),
  };
}

function podsOf(
  workload: Workload,
  watches: Watches,
  cpu: ReadonlyMap<string, number>,
): Omit<LiveInventory, 'nodes' | 'nodesWanted'> {
  const nodes = new Map(watches.nodes.all().map((node) => [node.metadata?.name, node]));
  const deployments = deploymentsOf(workload, watches);
  const autoscalers = autoscalersOf(deployments, watches);
  const pods = watches.pods.all().filter((pod) => isOfWorkload(workload, pod) && !podIsOver(pod));
  return {
    pods: pods.map((pod) => {
      const { name = '' } = pod.metadata ?? {};
      const { nodeName = '', containers = [] } = pod.spec ?? {};
      const requested = sum(containers.map(({ resources }) => cores(resources?.requests?.cpu) ?? 0));
      const used = cpu.get(name);
      return {
        name,
        node: nodeName,
        zone: zoneOf(nodes.get(nodeName)),
        ready: podIsReady(pod),
        cpuRatio: used === undefined || requested === 0 ? null : used / requested,
      };
    }),
    podsWanted: Math.max(
      sum(deployments.map(({ spec }) => spec?.replicas ?? 0)),
      sum(autoscalers.map(({ status }) => status?.desiredReplicas ?? 0)),
    ),
    podsMax: autoscalers.length > 0 ? sum(autoscalers.map(({ spec }) => spec?.maxReplicas ?? 0)) : null,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** The CPU use of the pods in cores, by their names, as last measured. */
function watchUse(api: ClusterApi, namespace: string): Disposable & { cpu: ReadonlyMap<string, number> } {
  const metrics = { group: 'metrics.k8s.io', version: 'v1beta1', namespace, plural: 'pods' };
  const cpu = new Map<string, number>();
  const ask = async () => {
    // Where it cannot be had it stays unknown, which whoever needs it tells.
    const { items }: { items: PodMetric[] } = await api.custom
      .listNamespacedCustomObject(metrics)
      .catch(() => ({ items: [] }));
    cpu.clear();
    for (const { metadata, containers } of items)
      cpu.set(metadata.name, sum(containers.map(({ usage }) => cores(usage.cpu) ?? 0)));
  };
  void ask();
  const timer = setInterval(() => void ask(), metricsEveryMs);
  return { cpu, [Symbol.dispose]: () => clearInterval(timer) };
}
