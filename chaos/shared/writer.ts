import type { Database } from '../../src/model/facets.ts';

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
