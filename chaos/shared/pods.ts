import type { LiveInventory, LiveNode, LivePod } from '../../src/model/facets.ts';

/** The ready pods of a node. */
export const readyPodsOn = ({ pods }: LiveInventory, node: LiveNode): LivePod[] =>
  pods.filter((pod) => pod.ready && pod.node === node.name);

/** Orders nodes by how many ready pods they run, most first. */
export const mostPodsFirst =
  (inventory: LiveInventory) =>
  (a: LiveNode, b: LiveNode): number =>
    readyPodsOn(inventory, b).length - readyPodsOn(inventory, a).length;
