import type {
  KubernetesObject,
  V1Deployment,
  V1Node,
  V1Pod,
  V1PodDisruptionBudget,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { shortSum } from '../../runtime/files.ts';
import { type ClusterApi, listAll } from './cluster-api.ts';
import { zoneOf } from './objects.ts';
import type { Workload } from './workload.ts';
import { isOfWorkload } from './workload.ts';

/** As Karpenter, EKS and GKE name the pool of a node. */
const poolLabels = ['karpenter.sh/nodepool', 'eks.amazonaws.com/nodegroup', 'cloud.google.com/gke-nodepool'];
const kindLabels = ['node.kubernetes.io/instance-type', 'kubernetes.io/arch', 'karpenter.sh/capacity-type'];

/** What the nodes of a cluster are, whatever their number and names: pools, or zones and instance types, and versions. */
export async function nodesMadeOf(api: ClusterApi): Promise<Record<string, string>> {
  const { items } = await listAll<V1Node>(api, 'v1', 'Node');
  return { nodes: shortSum([...new Set(items.map(kindOf))].sort()) };
}

/** Of a kind there may be more or fewer from hour to hour; which types, zones and capacity a pool has changes by itself, too. */
function kindOf(node: V1Node): string {
  const { labels = {} } = node.metadata ?? {};
  const { kubeletVersion, osImage } = node.status?.nodeInfo ?? {};
  const pool = poolLabels.find((label) => labels[label]);
  const kind = pool
    ? [pool, labels[pool], labels['kubernetes.io/arch']]
    : [zoneOf(node), ...kindLabels.map((label) => labels[label])];
  return JSON.stringify([...kind, kubeletVersion, osImage]);
}

/**
 * What a workload is made of: the images that its pods run, by digest where the node tells it, and how its namespace runs pods, scales
 * them and keeps them.
 */
export async function workloadMadeOf(api: ClusterApi, workload: Workload): Promise<Record<string, string>> {
  const { namespace } = workload;
  const list = async <T extends KubernetesObject>(apiVersion: string, kind: string): Promise<T[]> =>
    (await listAll<T>(api, apiVersion, kind, { namespace })).items;
  const [pods, deployments, statefulSets, autoscalers, budgets] = [
    await list<V1Pod>('v1', 'Pod'),
    await list<V1Deployment>('apps/v1', 'Deployment'),
    await list<V1StatefulSet>('apps/v1', 'StatefulSet'),
    await list<V2HorizontalPodAutoscaler>('autoscaling/v2', 'HorizontalPodAutoscaler'),
    await list<V1PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget'),
  ];
  return {
    ...imagesIn(pods.filter((pod) => isOfWorkload(workload, pod))),
    workloads: shortSum([...deployments, ...statefulSets].map(podsOf).sort()),
    scaling: shortSum(
      [...autoscalers, ...budgets].map(({ metadata, spec }) => JSON.stringify([metadata?.name, spec])).sort(),
    ),
  };
}

/** Its pods as they are wanted, but for how many: that is the autoscaler's, and for marks such as those of a restart. */
function podsOf({ kind, metadata, spec }: V1Deployment | V1StatefulSet): string {
  const { replicas: _, template, ...how } = spec ?? { template: undefined };
  return JSON.stringify([kind, metadata?.name, how, template?.spec]);
}

function imagesIn(pods: readonly V1Pod[]): Record<string, string> {
  const running = pods.flatMap(({ status }) => status?.containerStatuses ?? []);
  const byContainer = Map.groupBy(running, ({ name }) => name);
  return Object.fromEntries(
    [...byContainer].map(([name, statuses]) => [
      `image of ${name}`,
      [...new Set(statuses.map(({ image, imageID }) => imageID || image))].sort().join(', '),
    ]),
  );
}
