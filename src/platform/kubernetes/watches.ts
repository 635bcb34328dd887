import type {
  CoreV1Event,
  KubernetesObject,
  V1Deployment,
  V1Node,
  V1Pod,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { ClusterApi } from './cluster-api.ts';
import { type Watched, watched } from './watched.ts';

/** Everything that is watched of a namespace, and of the cluster's nodes. */
export interface Watches extends Disposable {
  nodes: Watched<V1Node>;
  /** All of the namespace: the shop's, the database's. */
  pods: Watched<V1Pod>;
  deployments: Watched<V1Deployment>;
  autoscalers: Watched<V2HorizontalPodAutoscaler>;
  events: Watched<CoreV1Event>;
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
  await Promise.all(Object.values(watches).map(({ listed }) => listed));
  const all = stack.move();
  return { ...watches, [Symbol.dispose]: () => all.dispose() };
}
