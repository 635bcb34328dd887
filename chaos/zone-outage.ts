import { type Fault, type Hit, writersZone } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { tooManyNodes } from './shared/blast-radius.ts';
import { awsDuration } from './shared/duration.ts';
import { byFis } from './zone-outage/by-fis.ts';
import { byMachines } from './zone-outage/by-machines.ts';

const kind = 'zone-outage';

/**
 * One zone loses power, as in AWS's scenario "AZ availability: power interruption": network, nodes, new launches
 * and the database's writer at once, until the duration is over.
 * @param options zone: by default the one of the database's writer. duration: in AWS's format.
 */
export const zoneOutage = ({ zone, duration = 'PT8M' }: { zone?: string; duration?: string } = {}): Fault => ({
  kind,
  summary: `${zone ?? writersZone} loses power for ${duration}: its network, its nodes and the database's writer`,
  effects: [
    {
      kind,
      startsAfterMs: 0,
      lasts: awsDuration(duration),
      zoneOut: zone ?? writersZone,
    },
  ],
  hits: (inventory) => hits(inventory, zone),
  problems: (inventory) => problems(inventory, zone),
  ways: [byFis({ kind, zone, duration }), byMachines({ kind, zone, duration })],
});

function hits({ zones, nodes, databaseInstances }: Inventory, zone: string | undefined): Hit[] {
  const largest = Math.max(0, ...zones.map((name) => nodes.filter((node) => node.zone === name).length));
  const inZone = zone === undefined ? undefined : nodes.filter((node) => node.zone === zone).map(({ name }) => name);
  return [
    { kind: 'zone', which: zone ?? writersZone, count: 1, of: zones.length },
    {
      kind: 'node',
      which: inZone?.join(', ') ?? 'all of that zone',
      count: inZone?.length ?? largest,
      of: nodes.length,
    },
    { kind: 'database instance', which: 'the one of that zone', count: 1, of: databaseInstances.length },
  ];
}

function problems({ zones, nodes }: Inventory, zone: string | undefined): string[] {
  if (zones.length < 2)
    return [`${kind} would take the only zone, more than its blast radius; choose a platform with several zones`];
  if (zone !== undefined && !zones.includes(zone))
    return [`${kind} finds no zone ${zone}: there are ${zones.join(', ')}; name one of them, or none`];
  const inZone = (name: string) => nodes.filter((node) => node.zone === name).length;
  // Any zone can be the writer's: the largest one counts.
  return tooManyNodes(kind, zone === undefined ? Math.max(...zones.map(inZone)) : inZone(zone), nodes.length);
}
