import type { Way } from '../../src/model/fault.ts';
import { busiestNode } from '../shared/pods.ts';
import { powerCut } from '../shared/power-cut.ts';

/** Cuts the power of the node's machine. */
export const byMachines = (kind: string): Way =>
  powerCut({
    kind,
    requires: [],
    async aim({ cluster }) {
      const node = busiestNode(await cluster.inventory());
      return node ? [node] : [`${kind} finds no target: no node runs a ready pod`];
    },
  });
