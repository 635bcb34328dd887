import type { Database, LiveNode } from '../../src/model/facets.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';

/** Which instance is the writer now, and in which zone; undefined while there is none. */
export async function findWriter(database: Database): Promise<{ id: string; zone: string } | undefined> {
  const { writer } = await database.state();
  return (await database.instances()).find(({ id }) => id === writer);
}

/** Evidence that the writer is no longer the former one; undefined while there is none. */
export async function writerChange(database: Database, former: string | undefined): Promise<string | undefined> {
  const { writer } = await database.state();
  if (writer === undefined || writer === former) return undefined;
  return `the writer changed from ${former} to ${writer} (${database.source})`;
}

/** The ready nodes of the zone of the database's writer; when there are none, what is wrong. */
export async function nodesOfWritersZone(
  kind: string,
  { cluster, database }: FacetsOf<'node-inventory' | 'database-failover'>,
): Promise<LiveNode[] | string[]> {
  const writer = await findWriter(database);
  if (writer === undefined) return [`${kind} finds no target: the database has no writer whose zone it could be`];
  return await readyNodesOf(kind, writer.zone, { cluster });
}

/** The ready nodes of a zone; when there are none, what is wrong. */
export async function readyNodesOf(
  kind: string,
  zone: string,
  { cluster }: Pick<FacetsOf<'node-inventory'>, 'cluster'>,
): Promise<LiveNode[] | string[]> {
  const nodes = (await cluster.inventory()).nodes.filter((node) => node.zone === zone && node.ready);
  return nodes.length > 0 ? nodes : [`${kind} finds no target: no node of ${zone} is ready`];
}
