import { type Fault, type Hit, writersZone } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { byFis } from './node-partition/by-fis.ts';
import { byMachines } from './node-partition/by-machines.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { awsDuration } from './shared/duration.ts';

const kind = 'node-partition';

export interface NodePartition {
  /** The node with the most ready pods, or all nodes of the zone of the database's writer, with the writer. */
  which: 'node' | 'zone';
  /** In AWS's format. Nodes are missed only after a while: by default after 50 s on a cluster. */
  duration: string;
}

/** Nodes run on and nobody hears of them: what is sent to them, and what they send, vanishes. */
export const nodePartition = ({ which, duration }: NodePartition): Fault => ({
  kind,
  summary:
    which === 'node'
      ? `a node that serves checkout is cut off the network for ${duration}`
      : `${writersZone} is cut off the network for ${duration}`,
  effects: [
    {
      kind,
      startsAfterMs: 0,
      lasts: awsDuration(duration),
      ...(which === 'zone' && { zoneOut: writersZone }),
    },
  ],
  hits: (inventory) => hits(inventory, which),
  problems: (inventory) => problems(inventory, which),
  // A subnet has all nodes of a zone.
  ways: [...(which === 'zone' ? [byFis(kind, duration)] : []), byMachines({ kind, which, duration })],
});

/** Any zone can be the writer's: the largest one counts. */
const largestZone = ({ zones, nodes }: Inventory): number =>
  Math.max(0, ...zones.map((name) => nodes.filter(({ zone }) => zone === name).length));

function hits(inventory: Inventory, which: NodePartition['which']): Hit[] {
  const { zones, nodes, databaseInstances } = inventory;
  if (which === 'node')
    return [
      { kind: 'node', which: 'the one with the most ready pods, on-demand before spot', count: 1, of: nodes.length },
    ];
  return [
    { kind: 'zone', which: writersZone, count: 1, of: zones.length },
    { kind: 'node', which: 'all of that zone', count: largestZone(inventory), of: nodes.length },
    { kind: 'database instance', which: 'the one of that zone', count: 1, of: databaseInstances.length },
  ];
}

function problems(inventory: Inventory, which: NodePartition['which']): string[] {
  const { zones, nodes } = inventory;
  if (nodes.length === 0) return [`${kind} finds no node: the platform has none; choose a target with nodes`];
  if (which === 'node') return tooManyNodes(kind, 1, nodes.length);
  if (zones.length < 2)
    return [`${kind} would take the only zone, more than its blast radius; choose a platform with several zones`];
  return tooManyNodes(kind, largestZone(inventory), nodes.length);
}
