import { expect, test } from 'vitest';
import { documentsWithTables, generatedFiles } from './documents.ts';

test('what is made of the code says what the code says: npm run docs writes it anew', async () => {
  for (const { is, shouldBe } of [...(await documentsWithTables()), ...(await generatedFiles())])
    expect(is).toBe(shouldBe);
});
