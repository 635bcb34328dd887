import { expect, test } from 'vitest';
import { documentsWithTables } from './documents.ts';

test('the tables in README and docs say what the code says: npm run docs writes them anew', async () => {
  for (const { is, shouldBe } of await documentsWithTables()) expect(is).toBe(shouldBe);
});
