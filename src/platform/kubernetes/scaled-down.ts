import type { V1Node } from '@kubernetes/client-node';
import { nodeIsUsable } from './objects.ts';
import { isOutOfService } from './out-of-service.ts';
import type { Watched } from './watched.ts';

/** As Cluster Autoscaler and Karpenter mark a node before they take it away. */
const removalTaints = ['ToBeDeletedByClusterAutoscaler', 'karpenter.sh/disrupted', 'karpenter.sh/disruption'];

const isMarked = ({ spec }: V1Node): boolean => spec?.taints?.some(({ key }) => removalTaints.includes(key)) ?? false;

/**
 * Notes which nodes an autoscaler takes away, by name: they are wanted no longer. One that it marks when it has been lost, cordoned or put
 * out of service already is not among them: whoever did that wants it back, or another one in its place.
 */
export function noteScaledDown(nodes: Watched<V1Node>, scaledDown: Set<string>): void {
  const marked = new Set<string>();
  const look = (node: V1Node) => {
    const { name = '' } = node.metadata ?? {};
    scaledDown.delete(name);
    if (!nodeIsUsable(node) || isOutOfService(node)) return;
    if (isMarked(node)) marked.add(name);
    else marked.delete(name);
  };
  nodes.all().forEach(look);
  nodes.onChange((node, change) => {
    const { name = '' } = node.metadata ?? {};
    if (change === 'seen') look(node);
    else if (marked.delete(name)) scaledDown.add(name);
  });
}
