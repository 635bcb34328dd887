import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gzipCsvs } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

/** What becomes of files with these texts. */
async function joined(...texts: string[]): Promise<string> {
  const paths = texts.map((_, index) => join(folder, `${index}.csv`));
  for (const [index, path] of paths.entries()) await writeFile(path, texts[index] as string);
  await gzipCsvs(paths, join(folder, 'all.csv.gz'));
  return gunzipSync(await readFile(join(folder, 'all.csv.gz'))).toString();
}

test('files with one header become one file with that header, and are gone', async () => {
  expect(await joined('a,b\n1,2\n', 'a,b\n3,4\n', 'a,b\n5,6\n')).toBe('a,b\n1,2\n3,4\n5,6\n');
  expect(await readdir(folder)).toEqual(['all.csv.gz']);
});

test('a row that was cut off stays a row of its own', async () => {
  expect(await joined('a,b\n1,2\n3', 'a,b\n5,6\n')).toBe('a,b\n1,2\n3\n5,6\n');
});

test('a file that is empty, or has a header alone, adds nothing', async () => {
  expect(await joined('a,b\n1,2\n', '', 'a,b\n', 'a,b', 'a,b\n3,4\n')).toBe('a,b\n1,2\n3,4\n');
});

test('files longer than what is read at a time stay whole', async () => {
  const rows = (from: number) => Array.from({ length: 50_000 }, (_, index) => `${from + index},x\n`).join('');
  expect(await joined(`a,b\n${rows(0)}`, `a,b\n${rows(50_000)}`)).toBe(`a,b\n${rows(0)}${rows(50_000)}`);
});
