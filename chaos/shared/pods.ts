import type { LiveInventory, LiveNode, LivePod } from '../../src/model/facets.ts';

/** The ready pods of a node. */
export const readyPodsOn = ({ pods }: LiveInventory, node: LiveNode): LivePod[] =>
  pods.filter((pod) => pod.ready && pod.node === node.name);

/** Orders nodes by how many ready pods they run, most first. */
export const mostPodsFirst =
  (inventory: LiveInventory) =>
  (a: LiveNode, b: LiveNode): number =>
    readyPodsOn(inventory, b).length - readyPodsOn(inventory, a).length;

/**
 * The node that a loss hurts most: the one with the most ready pods, on-demand before spot; undefined when none runs any. Of equals one
 * without the database, whose loss is drilled for itself.
 */
export function busiestNode(inventory: LiveInventory): LiveNode | undefined {
  const byPods = (a: LiveNode, b: LiveNode) =>
    mostPodsFirst(inventory)(a, b) ||
    Number(a.hasDatabase === true) - Number(b.hasDatabase === true) ||
    a.capacity.localeCompare(b.capacity) ||
    a.name.localeCompare(b.name);
  return inventory.nodes.filter((each) => readyPodsOn(inventory, each).length > 0).sort(byPods)[0];
}
