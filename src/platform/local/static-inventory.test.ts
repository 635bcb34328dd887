import { expect, test } from 'vitest';
import { staticInventory } from './static-inventory.ts';

test('the pocket region has three zones, each with a node of both kinds and a database instance', async () => {
  const { zones, nodes, databaseInstances } = await staticInventory();
  expect(zones).toEqual(['local-1a', 'local-1b', 'local-1c']);
  for (const zone of zones) {
    expect(nodes.filter((node) => node.zone === zone).map(({ capacity }) => capacity)).toEqual(['on-demand', 'spot']);
  }
  expect(databaseInstances).toEqual([
    { id: 'db-a', zone: 'local-1a' },
    { id: 'db-b', zone: 'local-1b' },
    { id: 'db-c', zone: 'local-1c' },
  ]);
});
