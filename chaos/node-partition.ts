import { type Fault, writersZone } from '../src/model/fault.ts';
import { byFis } from './node-partition/by-fis.ts';
import { byMachines } from './node-partition/by-machines.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { awsDuration } from './shared/duration.ts';
import { zoneHits, zoneProblems } from './shared/whole-zone.ts';

const kind = 'node-partition';

export interface NodePartition {
  /** The node with the most ready pods, or all nodes of a zone. */
  which: 'node' | 'zone';
  /** Left out: that of the database's writer, with the writer. */
  zone?: string;
  /** In AWS's format. Nodes are missed only after a while: by default after 50 s on a cluster. */
  duration: string;
}

/** Nodes run on and nobody hears of them: what is sent to them, and what they send, vanishes. */
export const nodePartition = (partition: NodePartition): Fault =>
  partition.which === 'node' ? ofNode(partition) : ofZone(partition);

const ofNode = ({ duration }: NodePartition): Fault => ({
  kind,
  summary: `a node that serves checkout is cut off the network for ${duration}`,
  effects: [{ kind, startsAfterMs: 0, lasts: awsDuration(duration) }],
  hits: ({ nodes }) => [
    { kind: 'node', which: 'the one with the most ready pods, on-demand before spot', count: 1, of: nodes.length },
  ],
  problems: ({ nodes }) => (nodes.length === 0 ? noNode : tooManyNodes(kind, 1, nodes.length)),
  ways: [byMachines({ kind, which: 'node', duration })],
});

const ofZone = ({ zone, duration }: NodePartition): Fault => ({
  kind,
  summary: `${zone ?? writersZone} is cut off the network for ${duration}`,
  effects: [{ kind, startsAfterMs: 0, lasts: awsDuration(duration), zoneOut: zone ?? writersZone }],
  ...(zone === undefined && { inZone: (named) => ofZone({ which: 'zone', zone: named, duration }) }),
  hits: (inventory) => zoneHits(inventory, zone),
  problems: (inventory) => (inventory.nodes.length === 0 ? noNode : zoneProblems(kind, inventory, zone)),
  // A subnet has all nodes of a zone.
  ways: [byFis({ kind, zone, duration }), byMachines({ kind, which: 'zone', zone, duration })],
});

const noNode = [`${kind} finds no node: the platform has none; choose a target with nodes`];
