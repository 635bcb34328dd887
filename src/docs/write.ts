/** Writes what the code itself can tell anew, such as the tables of README and docs: `npm run docs`. */
import { writeFile } from 'node:fs/promises';
import { documentsWithTables, generatedFiles } from './documents.ts';

for (const { path, is, shouldBe } of [...(await documentsWithTables()), ...(await generatedFiles())]) {
  if (is === shouldBe) continue;
  await writeFile(path, shouldBe);
  process.stdout.write(`${path} is written anew\n`);
}
