import { join } from 'node:path';
import { z } from 'zod';
import type { Inventory } from '../../model/target.ts';
import { readJson } from '../../runtime/files.ts';
import { rootFolder } from '../../runtime/processes.ts';

const topologySchema = z.object({
  zones: z.array(z.string()),
  nodeGroups: z.array(z.object({ capacity: z.enum(['on-demand', 'spot']), nodesPerZone: z.number().int() })),
  databaseInstances: z.array(z.string()),
});

/** What every pocket region is made of, from the file that the region itself reads. */
export async function staticInventory(): Promise<Inventory> {
  const file = join(rootFolder, 'infra-under-test', 'topology.json');
  const { zones, nodeGroups, databaseInstances } = topologySchema.parse(await readJson(file));
  const kinds = nodeGroups.flatMap(({ capacity, nodesPerZone }) => Array<typeof capacity>(nodesPerZone).fill(capacity));
  return {
    zones,
    nodes: zones.flatMap((zone) => kinds.map((capacity, index) => ({ name: `${zone}-${index + 1}`, zone, capacity }))),
    // One a zone, in the order of the zones.
    databaseInstances: databaseInstances.map((id, index) => ({ id, zone: zones[index % zones.length] ?? '' })),
  };
}
