import type { CoreV1Event, V1Deployment, V1Node, V1Pod, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { ClusterApi } from './cluster-api.ts';
import type { CnpgCluster } from './cnpg-database.ts';
import { type Watched, watched } from './watched.ts';

/** Everything that is watched of a namespace, and of the cluster's nodes. */
export interface Watches extends Disposable {
  nodes: Watched<V1Node>;
  /** All of the namespace: the shop's, the database's. */
  pods: Watched<V1Pod>;
  deployments: Watched<V1Deployment>;
  autoscalers: Watched<V2HorizontalPodAutoscaler>;
  events: Watched<CoreV1Event>;
  databases: Watched<CnpgCluster>;
}

/** Starts all watches; resolves once each has its first list. */
export async function watchAll(api: ClusterApi, namespace: string): Promise<Watches> {
  using stack = new DisposableStack();
  const of = async <T extends object>(apiVersion: string, kind: string, plural: string, inNamespace = true) =>
    stack.use(await watched<T>(api, { apiVersion, kind, plural, ...(inNamespace && { namespace }) }));
  const [nodes, pods, deployments, autoscalers, events, databases] = await Promise.all([
    of<V1Node>('v1', 'Node', 'nodes', false),
    of<V1Pod>('v1', 'Pod', 'pods'),
    of<V1Deployment>('apps/v1', 'Deployment', 'deployments'),
    of<V2HorizontalPodAutoscaler>('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
    of<CoreV1Event>('v1', 'Event', 'events'),
    of<CnpgCluster>('postgresql.cnpg.io/v1', 'Cluster', 'clusters'),
  ]);
  const all = stack.move();
  return { nodes, pods, deployments, autoscalers, events, databases, [Symbol.dispose]: () => all.dispose() };
}
