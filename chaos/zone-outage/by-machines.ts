import type { Way } from '../../src/model/fault.ts';
import { awsDuration } from '../shared/duration.ts';
import { powerCut } from '../shared/power-cut.ts';
import { readyNodesOf } from '../shared/writer.ts';

/** Cuts the power of all machines of a zone: by default that of the database's writer, which goes with its node. */
export const byMachines = ({
  kind,
  zone,
  duration,
}: {
  kind: string;
  zone: string | undefined;
  duration: string;
}): Way =>
  powerCut({
    kind,
    requires: ['database-failover'],
    lasts: awsDuration(duration),
    aim: (on) => readyNodesOf(kind, zone, on),
  });
