import type { Way } from '../../src/model/fault.ts';
import { awsDuration } from '../shared/duration.ts';
import { powerCut } from '../shared/power-cut.ts';
import { nodesOfWritersZone, readyNodesOf } from '../shared/writer.ts';

interface Outage {
  kind: string;
  /** Undefined: that of the database's writer, which goes with its node. */
  zone: string | undefined;
  /** In AWS's format. */
  duration: string;
}

/** Cuts the power of all machines of a zone. */
export function byMachines({ kind, zone, duration }: Outage): Way {
  const cut = { kind, lasts: awsDuration(duration) };
  return zone === undefined
    ? powerCut({ ...cut, requires: ['database-failover'], aim: (on) => nodesOfWritersZone(kind, on) })
    : powerCut({ ...cut, requires: [], aim: (on) => readyNodesOf(kind, zone, on) });
}
