import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gzipCsvs, isFile, JsonLines, makeFolder, readAtMost, readIfThere, readJsonLines, writeJson } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

/** The result of joining files with these texts. */
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

test('a folder is made with those above it, is there already, or cannot be made', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep)]);
  await makeFolder(deep);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c']);
  await writeFile(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'file', 'x'))).rejects.toThrow('ENOTDIR');
});

test.runIf(process.platform === 'linux')(
  'where a file system knows no folder that can be made, that is told',
  async () => {
    await expect(makeFolder('/proc/nowhere/at/all')).rejects.toThrow('ENOENT');
  },
);

test('a file without an end is no file, and is not read to it', async () => {
  await symlink('loop', join(folder, 'loop'));
  await writeFile(join(folder, 'file'), 'ten bytes!');
  const others = ['/dev/zero', folder, join(folder, 'loop'), join(folder, 'gone')];
  expect([...others, join(folder, 'file')].map(isFile)).toEqual([...others.map(() => false), true]);
  expect(await readAtMost(join(folder, 'file'), 10)).toBe('ten bytes!');
  await expect(readAtMost(join(folder, 'file'), 9)).rejects.toThrow('more than 9 bytes');
  await expect(readAtMost('/dev/zero', 1_000)).rejects.toThrow('more than 1000 bytes');
});

test('what is not there is nothing; what cannot be read is told by its path', async () => {
  await writeFile(join(folder, 'file'), '');
  expect(await readIfThere(join(folder, 'gone'))).toBeUndefined();
  expect(await readIfThere(join(folder, 'file', 'below'))).toBeUndefined();
  await expect(readIfThere(folder)).rejects.toThrow(folder);
});

test('lines that are no objects are left out', async () => {
  await writeFile(join(folder, 'lines'), '{"a":1}\nnull\n7\n\n"x"\n{"b":\n[2]\n');
  expect(await readJsonLines(join(folder, 'lines'))).toEqual([{ a: 1 }, [2]]);
});

test('what cannot be written leaves nothing', async () => {
  await mkdir(join(folder, 'taken'));
  await expect(writeJson(join(folder, 'taken'), 1)).rejects.toThrow('EISDIR');
  expect(await readdir(folder)).toEqual(['taken']);
});

test('nothing is appended to lines that are closed: their number may be that of another file', () => {
  const lines = new JsonLines(join(folder, 'lines'), { durable: false });
  lines[Symbol.dispose]();
  expect(() => lines.append({ a: 1 })).toThrow('lines is closed');
});
