import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { PodEnd } from '../../model/facets.ts';
import { nowMs } from '../../runtime/clock.ts';
import { capacityOf, nodeIsReady, restartsOf } from './objects.ts';
import type { Watches } from './watches.ts';

/** Records how each pod ended, at its end: what a pod was can no longer be asked once it is gone. */
export function recordPodEnds(watches: Watches, isOurs: (pod: V1Pod) => boolean): () => PodEnd[] {
  const ends: PodEnd[] = [];
  const restarts = new Map(watches.pods.all().map((pod) => [pod.metadata?.uid ?? '', restartsOf(pod)]));
  const marked = new Set<string>();
  const lostNodes = recordLostNodes(watches);
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
    const restarted = restartsOf(pod);
    const lost = () => lostNodes.has(pod.spec?.nodeName ?? '');
    if (change === 'seen' && restarted > (restarts.get(uid) ?? 0)) ends.push({ ...common, ...restartOf(pod, lost()) });
    restarts.set(uid, restarted);
    const isOver = change === 'gone' || deletionTimestamp !== undefined;
    if (!isOver || marked.has(uid)) return;
    marked.add(uid);
    ends.push({ ...common, ...endOf(pod, node) });
  });
  return () => ends;
}

type Cause = Pick<PodEnd, 'cause' | 'because'>;

const nodeOf = ({ nodes }: Watches, { spec }: V1Pod): V1Node | undefined =>
  nodes.all().find(({ metadata }) => metadata?.name === spec?.nodeName);

/** Nodes that were not ready for a while, or gone: what runs on them starts anew when they come back. */
function recordLostNodes({ nodes }: Watches): ReadonlySet<string> {
  const lost = new Set<string>();
  nodes.onChange((node, change) => {
    if (change === 'gone' || !nodeIsReady(node)) lost.add(node.metadata?.name ?? '');
  });
  return lost;
}

/** @param isLost its node has been lost since: the container has ended with it */
function restartOf({ status, spec }: V1Pod, isLost: boolean): Cause {
  if (isLost) return { cause: 'node-lost', because: `node ${spec?.nodeName} was not ready, and started it again` };
  const last = status?.containerStatuses?.[0]?.lastState?.terminated;
  return {
    cause: 'crashed',
    because: `its container ended with exit code ${last?.exitCode ?? 'unknown'}${last?.reason ? ` (${last.reason})` : ''}`,
  };
}

/** By the condition that Kubernetes writes when it disrupts a pod; without one its ReplicaSet has taken it away. */
function endOf(pod: V1Pod, node: V1Node | undefined): Cause {
  const disruption = pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  if (node === undefined) return { cause: 'node-lost', because: `node ${pod.spec?.nodeName} is gone` };
  if (!nodeIsReady(node)) return { cause: 'node-lost', because: `node ${node.metadata?.name} is not ready` };
  if (disruption)
    return { cause: 'evicted', because: `${disruption.reason}: ${disruption.message ?? 'no reason given'}` };
  return { cause: 'scaled-down', because: 'it was deleted, by its ReplicaSet or by hand' };
}
