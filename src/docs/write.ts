/** Writes the tables of README and docs anew: `npm run docs`. */
import { writeFile } from 'node:fs/promises';
import { documentsWithTables } from './documents.ts';

for (const { path, is, shouldBe } of await documentsWithTables()) {
  if (is === shouldBe) continue;
  await writeFile(path, shouldBe);
  process.stdout.write(`${path} is written anew\n`);
}
