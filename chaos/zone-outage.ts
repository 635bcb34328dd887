import { type Fault, writersZone } from '../src/model/fault.ts';
import { awsDuration } from './shared/duration.ts';
import { zoneHits, zoneProblems } from './shared/whole-zone.ts';
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
  summary: `${zone ?? writersZone} loses power for ${duration}: its network, its nodes and the database's writer${zone === undefined ? '' : ', if that is there'}`,
  effects: [
    {
      kind,
      startsAfterMs: 0,
      lasts: awsDuration(duration),
      zoneOut: zone ?? writersZone,
    },
  ],
  ...(zone === undefined && { inZone: (named) => zoneOutage({ zone: named, duration }) }),
  hits: (inventory) => zoneHits(inventory, zone),
  problems: (inventory) => zoneProblems(kind, inventory, zone),
  ways: [byFis({ kind, zone, duration }), byMachines({ kind, zone, duration })],
});
