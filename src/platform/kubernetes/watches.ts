import type {
  CoreV1Event,
  KubernetesObject,
  V1Deployment,
  V1EndpointSlice,
  V1Lease,
  V1Node,
  V1Pod,
  V1PodDisruptionBudget,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { Unheard } from '../../model/errors.ts';
import { nowMs } from '../../runtime/clock.ts';
import type { ClusterApi } from './cluster-api.ts';
import { type Watched, watched } from './watched.ts';

const usualLeaseSeconds = 40;

/** Everything that is watched of a namespace, and of the cluster's nodes. */
export interface Watches extends Disposable {
  nodes: Watched<V1Node>;
  /** All of the namespace: the shop's, the database's. */
  pods: Watched<V1Pod>;
  deployments: Watched<V1Deployment>;
  autoscalers: Watched<V2HorizontalPodAutoscaler>;
  budgets: Watched<V1PodDisruptionBudget>;
  endpointSlices: Watched<V1EndpointSlice>;
  events: Watched<CoreV1Event>;
  /** By which nodes say that they are there. */
  leases: Watched<V1Lease>;
  /** @throws Unheard while the API server is away, or nothing is heard of it: what was last heard is not how things are */
  refuseStale(): void;
}

/** Starts all watches; resolves once each has its first list. */
export async function watchAll(api: ClusterApi, namespace: string): Promise<Watches> {
  using stack = new DisposableStack();
  const of = <T extends KubernetesObject>(apiVersion: string, kind: string, plural: string, within = namespace) =>
    stack.use(watched<T>(api, { apiVersion, kind, plural, ...(within && { namespace: within }) }));
  const watches = {
    nodes: of<V1Node>('v1', 'Node', 'nodes', ''),
    pods: of<V1Pod>('v1', 'Pod', 'pods'),
    deployments: of<V1Deployment>('apps/v1', 'Deployment', 'deployments'),
    autoscalers: of<V2HorizontalPodAutoscaler>('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
    budgets: of<V1PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
    endpointSlices: of<V1EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
    events: of<CoreV1Event>('v1', 'Event', 'events'),
    leases: of<V1Lease>('coordination.k8s.io/v1', 'Lease', 'leases', 'kube-node-lease'),
  };
  await Promise.all(Object.values(watches).map(({ listed }) => listed));
  const refuseStale = staleness(watches.leases, Object.values(watches));
  const all = stack.move();
  return { ...watches, refuseStale, [Symbol.dispose]: () => all.dispose() };
}

/**
 * Every node renews its lease four times in its duration, so that something is heard all the time. Where packets vanish a watch of
 * anything else would notice after half a minute.
 */
function staleness(leases: Watched<V1Lease>, all: readonly Watched<unknown>[]): () => void {
  let heardAtMs = nowMs();
  leases.onChange(() => {
    heardAtMs = nowMs();
  });
  return () => {
    const durations = leases.all().map(({ spec }) => spec?.leaseDurationSeconds ?? usualLeaseSeconds);
    // Nodes may differ, and some of them be lost: what is usual among them counts.
    const median = durations.sort((a, b) => a - b)[durations.length >> 1] ?? usualLeaseSeconds;
    const patienceMs = (Math.max(usualLeaseSeconds / 4, median) / 4) * 1.5 * 1_000;
    const silentSinceMs = nowMs() - heardAtMs > patienceMs ? heardAtMs : null;
    const awaySinceMs = all.map((one) => one.awaySinceMs()).find((atMs) => atMs !== null) ?? silentSinceMs;
    if (awaySinceMs === null) return;
    const seconds = ((nowMs() - awaySinceMs) / 1000).toFixed(1);
    throw new Unheard(`nothing has been heard of the API server for ${seconds} s`, awaySinceMs);
  };
}
