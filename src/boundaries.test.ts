import { glob, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { rootFolder } from './runtime/processes.ts';

/** What a folder, or a file, may import: a row of the table in docs/ARCHITECTURE.md. */
interface Row {
  of: string[];
  folders: string[];
  packages: string[];
}

const words = (cell: string): string[] =>
  cell
    .replaceAll('`', '')
    .split(', ')
    .map((word) => word.trim());

async function readTable(): Promise<Row[]> {
  const text = await readFile(join(rootFolder, 'docs', 'ARCHITECTURE.md'), 'utf8');
  const [, table = ''] = /## Where things live\n\n((?:\|.*\n)+)/.exec(text) ?? [];
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => {
    const [, of = '', , folders = '', packages = ''] = row.split('|');
    return { of: words(of), folders: words(folders), packages: words(packages) };
  });
}

/** The row that says most exactly what a file is. */
const rowOf = (file: string, rows: Row[]): Row | undefined =>
  rows
    .flatMap((row) => row.of.map((path) => ({ row, path })))
    .filter(({ path }) => file === path || (path.endsWith('/') && file.startsWith(path)))
    .sort((a, b) => b.path.length - a.path.length)[0]?.row;

const imports = /^(?:import|export)\b[^'";]*?from '([^']+)'|^import '([^']+)'|import\('([^']+)'\)/gm;
const folderOf = (file: string): string => file.replace(/^src\//, '').split('/')[0] ?? '';
const packageOf = (name: string): string => (/^(?:@[^/]+\/)?[^/]+/.exec(name) ?? [''])[0];
const allows = (list: string[], name: string): boolean =>
  list.some((one) => one === 'any' || one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1))));

function refused(file: string, text: string, row: Row): string[] {
  const names = [...text.matchAll(imports)].map((match) => match.slice(1).find(Boolean) ?? '');
  return names
    .filter((name) => {
      if (!name.startsWith('.')) return !allows(row.packages, packageOf(name));
      const folder = folderOf(normalize(join(dirname(file), name)));
      return folder !== folderOf(file) && !allows(row.folders, folder);
    })
    .map((name) => `${file} imports ${name}`);
}

test('every import is one that the table of docs/ARCHITECTURE.md allows', async () => {
  const rows = await readTable();
  const problems: string[] = [];
  for await (const file of glob('{src,chaos,scenarios,infra-under-test,bench}/**/*.ts', { cwd: rootFolder })) {
    if (/\.test\.ts$|\.d\.ts$|\/test\//.test(file)) continue;
    const row = rowOf(file, rows);
    const text = await readFile(join(rootFolder, file), 'utf8');
    problems.push(...(row ? refused(file, text, row) : [`${file} stands in no row of the table`]));
  }
  expect(problems).toEqual([]);
});

test('an import is refused by the most exact row, and a package by its name', () => {
  const rows = [
    { of: ['src/report/'], folders: ['model'], packages: ['node:util'] },
    { of: ['src/report/write.ts'], folders: ['model'], packages: ['node:*'] },
  ];
  const text = "import { readFile } from 'node:fs/promises';\nimport type { Run } from '../drill/run.ts';\n";
  const of = (file: string) => refused(file, text, rowOf(file, rows) as Row);
  expect(of('src/report/page.ts')).toEqual([
    'src/report/page.ts imports node:fs/promises',
    'src/report/page.ts imports ../drill/run.ts',
  ]);
  expect(of('src/report/write.ts')).toEqual(['src/report/write.ts imports ../drill/run.ts']);
});
