import type { Way } from '../../src/model/fault.ts';
import { awsDuration } from '../shared/duration.ts';
import { powerCut } from '../shared/power-cut.ts';
import { findWriter } from '../shared/writer.ts';

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
    async aim({ cluster, database }) {
      const dark = zone ?? (await findWriter(database))?.zone;
      if (dark === undefined) return [`${kind} finds no target: the database has no writer whose zone it could be`];
      const nodes = (await cluster.inventory()).nodes.filter((node) => node.zone === dark && node.ready);
      return nodes.length > 0 ? nodes : [`${kind} finds no target: no node of ${dark} is ready`];
    },
  });
