import type { Database, LiveNode } from '../../src/model/facets.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { zoneLabel } from '../../src/platform/kubernetes/objects.ts';

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
  // Nodes that are in no zone are not in the same one.
  if (writer.zone === '') return [`${kind} finds no target: ${noZone((await cluster.inventory()).nodes)}`];
  return await readyNodesOf(kind, writer.zone, { cluster });
}

function noZone(nodes: readonly LiveNode[]): string {
  const unlabelled = nodes.filter(({ zone, hasDatabase }) => zone === '' && hasDatabase).map(({ name }) => name);
  if (unlabelled.length === 0) return "the zone of the database's writer is not known";
  return `the database's writer is in no zone: set the label ${zoneLabel} of node ${unlabelled.join(', ')}`;
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
