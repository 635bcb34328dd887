import type {
  CoreV1Event,
  KubernetesObject,
  V1Deployment,
  V1Lease,
  V1Node,
  V1Pod,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
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
  events: Watched<CoreV1Event>;
  /** @throws while the API server is away, or nothing is heard of it: what was last heard is not how things are */
  refuseStale(): void;
}

/** Starts all watches; resolves once each has its first list. */
export async function watchAll(api: ClusterApi, namespace: string): Promise<Watches> {
  using stack = new DisposableStack();
  const of = <T extends KubernetesObject>(apiVersion: string, kind: string, plural: string, inNamespace = true) =>
    stack.use(watched<T>(api, { apiVersion, kind, plural, ...(inNamespace && { namespace }) }));
  const watches = {
    nodes: of<V1Node>('v1', 'Node', 'nodes', false),
    pods: of<V1Pod>('v1', 'Pod', 'pods'),
    deployments: of<V1Deployment>('apps/v1', 'Deployment', 'deployments'),
    autoscalers: of<V2HorizontalPodAutoscaler>('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
    events: of<CoreV1Event>('v1', 'Event', 'events'),
  };
  const leases = stack.use(
    watched<V1Lease>(api, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      plural: 'leases',
      namespace: 'kube-node-lease',
    }),
  );
  await Promise.all([...Object.values(watches), leases].map(({ listed }) => listed));
  const refuseStale = staleness(leases, Object.values(watches));
  const all = stack.move();
  return { ...watches, refuseStale, [Symbol.dispose]: () => all.dispose() };
}

/**
 * Every node renews its lease four times in its duration, so that something is heard all the time. Where packets vanish a watch of
 * anything else would notice after half a minute.
 */
function staleness(leases: Watched<V1Lease>, others: readonly Watched<unknown>[]): () => void {
  let heardAtMs = nowMs();
  leases.onChange(() => {
    heardAtMs = nowMs();
  });
  return () => {
    const durations = leases.all().map(({ spec }) => spec?.leaseDurationSeconds ?? usualLeaseSeconds);
    const patienceMs = (Math.max(usualLeaseSeconds / 4, ...durations) / 4) * 1.5 * 1_000;
    const silentSinceMs = nowMs() - heardAtMs > patienceMs ? heardAtMs : null;
    const awaySinceMs =
      [leases, ...others].map((one) => one.awaySinceMs()).find((atMs) => atMs !== null) ?? silentSinceMs;
    if (awaySinceMs !== null)
      throw new Error(`nothing has been heard of the API server for ${((nowMs() - awaySinceMs) / 1000).toFixed(1)} s`);
  };
}
