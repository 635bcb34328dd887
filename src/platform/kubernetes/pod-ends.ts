import type { V1ContainerStateTerminated, V1ContainerStatus, V1Node, V1Pod } from '@kubernetes/client-node';
import type { PodEnd } from '../../model/facets.ts';
import { nowMs } from '../../runtime/clock.ts';
import { capacityOf, conditionMs, conditionOf, instantMs, nodeIsReady, podIsOver } from './objects.ts';
import type { Watches } from './watches.ts';

/** Records how each pod ended, at its end: what a pod was can no longer be asked once it is gone. */
export function recordPodEnds(watches: Watches, isOurs: (pod: V1Pod) => boolean): () => PodEnd[] {
  const ends: PodEnd[] = [];
  const before = new Map(watches.pods.all().map((pod) => [pod.metadata?.uid ?? '', pod]));
  // What had ended before is nobody's end when its object goes.
  const marked = new Set([...before].filter(([, pod]) => podIsOver(pod)).map(([uid]) => uid));
  const returns = recordReturns(watches);
  watches.pods.onChange((pod, change) => {
    const { uid = '', name = '', deletionTimestamp } = pod.metadata ?? {};
    if (!isOurs(pod) || !pod.spec?.nodeName) return;
    const node = nodeOf(watches, pod);
    const common = {
      atMs: nowMs(),
      pod: name,
      node: pod.spec.nodeName,
      capacity: node ? capacityOf(node) : 'on-demand',
    } as const;
    const restarted = change === 'seen' ? restartedIn(pod, before.get(uid)) : [];
    if (restarted.length > 0) ends.push({ ...common, ...restartOf(pod, restarted, returns.get(pod.spec.nodeName)) });
    if (change === 'gone') before.delete(uid);
    else before.set(uid, pod);
    // The object of a pod that the kubelet evicts stays.
    const isOver = change === 'gone' || deletionTimestamp !== undefined || podIsOver(pod);
    if (!isOver || marked.has(uid)) return;
    marked.add(uid);
    ends.push({ ...common, ...endOf(pod, node) });
  });
  return () => ends;
}

type Cause = Pick<PodEnd, 'cause' | 'because'>;

const nodeOf = ({ nodes }: Watches, { spec }: V1Pod): V1Node | undefined =>
  nodes.all().find(({ metadata }) => metadata?.name === spec?.nodeName);

/**
 * The nodes that were ready, and then not, or gone: when they were ready again, epoch ms by their own clock; infinite while they are not.
 */
function recordReturns({ nodes }: Watches): ReadonlyMap<string, number> {
  const nameOf = ({ metadata }: V1Node): string => metadata?.name ?? '';
  const ready = new Set(nodes.all().filter(nodeIsReady).map(nameOf));
  const returns = new Map<string, number>();
  nodes.onChange((node, change) => {
    const name = nameOf(node);
    if (change === 'seen' && nodeIsReady(node)) {
      if (returns.get(name) === Infinity) returns.set(name, conditionMs(node, 'Ready') ?? nowMs());
      ready.add(name);
    } else if (ready.delete(name)) returns.set(name, Infinity);
  });
  return returns;
}

/** The containers that were started again since a pod was last seen. */
function restartedIn({ status }: V1Pod, before: V1Pod | undefined): V1ContainerStatus[] {
  const former = new Map(before?.status?.containerStatuses?.map(({ name, restartCount }) => [name, restartCount]));
  return (status?.containerStatuses ?? []).filter(({ name, restartCount }) => restartCount > (former.get(name) ?? 0));
}

/** @param returnedAtMs undefined: its node has not been lost */
function restartOf({ spec }: V1Pod, restarted: readonly V1ContainerStatus[], returnedAtMs: number | undefined): Cause {
  const crashed = restarted.find((one) => !endedWithNode(one, returnedAtMs));
  if (crashed === undefined)
    return { cause: 'node-lost', because: `node ${spec?.nodeName} was not ready, and started it again` };
  return { cause: 'crashed', because: exitOf(crashed.lastState?.terminated) };
}

const exitOf = (last: V1ContainerStateTerminated | undefined): string =>
  `its container ended with exit code ${last?.exitCode ?? 'unknown'}${last?.reason ? ` (${last.reason})` : ''}`;

/** What runs on a lost node starts anew when it comes back; what ends after that ends by itself. Both are told by the node's clock. */
function endedWithNode({ lastState }: V1ContainerStatus, returnedAtMs: number | undefined): boolean {
  if (returnedAtMs === undefined) return false;
  // Where a node has lost the record of a container together with it, the container has no end.
  return (instantMs(lastState?.terminated?.finishedAt) ?? 0) <= returnedAtMs;
}

/** By what Kubernetes writes when it disrupts a pod. Where it says nothing, one that is deleted its ReplicaSet has taken away. */
function endOf(pod: V1Pod, node: V1Node | undefined): Cause {
  if (node === undefined) return { cause: 'node-lost', because: `node ${pod.spec?.nodeName} is gone` };
  if (!nodeIsReady(node)) return { cause: 'node-lost', because: `node ${node.metadata?.name} is not ready` };
  const { reason, message } = conditionOf(pod, 'DisruptionTarget') ?? pod.status ?? {};
  if (reason !== undefined) return { cause: 'evicted', because: `${reason}: ${message ?? 'no reason given'}` };
  // What is deleted fails as well, where its program does not heed the signal.
  if (podIsOver(pod) && !pod.metadata?.deletionTimestamp) return ownEndOf(pod);
  return { cause: 'scaled-down', because: 'it was deleted, by its ReplicaSet or by hand' };
}

/** Of a pod that nobody has ended. */
function ownEndOf({ status }: V1Pod): Cause {
  if (status?.phase === 'Succeeded')
    return { cause: 'scaled-down', because: 'its containers had done what they were to do' };
  const exits = status?.containerStatuses?.map(({ state }) => state?.terminated);
  return { cause: 'crashed', because: exitOf(exits?.find((exit) => exit !== undefined && exit.exitCode !== 0)) };
}
