import type { Capability } from '../../src/model/capabilities.ts';
import type { Way } from '../../src/model/fault.ts';
import { awsDuration } from '../shared/duration.ts';
import { busiestNode } from '../shared/pods.ts';
import { type MachineCutOf, networkCut } from '../shared/power-cut.ts';
import { nodesOfWritersZone, readyNodesOf } from '../shared/writer.ts';

interface Partition {
  kind: string;
  which: 'node' | 'zone';
  /** Left out: that of the database's writer. */
  zone?: string | undefined;
  /** In AWS's format. */
  duration: string;
}

/** Cuts machines off the network. Proven when the cluster misses their nodes, for which the partition has to last long enough. */
export function byMachines({ kind, which, zone, duration }: Partition): Way {
  const cut = <C extends Capability>(requires: readonly C[], aim: MachineCutOf<C>['aim']): Way =>
    networkCut({ kind, requires, lasts: awsDuration(duration), aim });
  if (which === 'node')
    return cut([], async ({ cluster }) => {
      const node = busiestNode(await cluster.inventory());
      return node ? [node] : [`${kind} finds no target: no node runs a ready pod`];
    });
  return zone === undefined
    ? cut(['database-failover'], (on) => nodesOfWritersZone(kind, on))
    : cut([], (on) => readyNodesOf(kind, zone, on));
}
