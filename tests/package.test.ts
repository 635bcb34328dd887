import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { shell } from '../src/runtime/shell.ts';
import { leftovers, makePlace, type Place, shellOf } from './leftovers.ts';

const config = `import { defineConfig } from 'tenfold/config';
export default defineConfig({
  baseUrl: 'http://127.0.0.1:1',
  paths: { read: { limitMs: 100, probe: { path: '/' } } },
  traffic: { baselineRatePerSecond: 5 },
  drills: { calm: { title: 'Traffic alone', why: 'To see', fault: null } },
});
`;

const must = shell({ nothrow: false });

/** A project with the packed tenfold installed, which uses the checkout's libraries. */
async function installed(place: Place): Promise<string> {
  const project = join(place.mark, 'project');
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, 'tenfold'), { recursive: true });
  // npm would keep its compile cache in the temporary folder.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
  const { stdout } = await must({ cwd: rootFolder, env })`npm pack --silent --pack-destination ${project}`;
  const file = join(project, stdout.trim().split('\n').at(-1) ?? '');
  await must`tar -xzf ${file} --strip-components=1 -C ${join(modules, 'tenfold')}`;
  const all = await readdir(join(rootFolder, 'node_modules'));
  // What bundles the page that a package brings along is not installed with it.
  const libraries = all.filter((name) => !name.startsWith('.') && !['rolldown', '@rolldown'].includes(name));
  for (const name of libraries) await symlink(join(rootFolder, 'node_modules', name), join(modules, name));
  await writeFile(join(project, 'package.json'), '{ "name": "shop", "type": "module" }\n');
  await writeFile(join(project, 'tenfold.config.ts'), config);
  return project;
}

test('packed and installed in another project it plans drills, knows its config, and keeps reports there', async () => {
  await using place = await makePlace();
  const project = await installed(place);
  const program = join(project, 'node_modules', 'tenfold', 'dist', 'bin', 'tenfold.mjs');
  const tenfold = (...args: string[]) => shellOf(place)({ cwd: project })`${process.execPath} ${program} ${args}`;

  expect((await tenfold('list')).stdout).toMatch(/^aurora-failover /m);
  const described = await tenfold('describe', 'calm', '--config', 'tenfold.config.ts');
  expect(described.exitCode, described.stderr).toBe(exitCodes.pass);
  expect(described.stdout).toContain('calm: Traffic alone');
  expect((await tenfold('plan', 'node-loss', '--scale', '1:60')).stdout).toContain('by fis');

  const run = join(rootFolder, 'fixtures', 'runs', 'aurora-failover-holds');
  const opened = await tenfold('open', run, '--export', 'run.html');
  expect(opened.exitCode, opened.stderr).toBe(exitCodes.pass);
  expect(await readFile(join(project, 'run.html'), 'utf8')).toContain('rds-failover');

  const refused = await tenfold('run', 'calm', '--config', 'tenfold.config.ts', '--profile', 'brief');
  expect(refused.exitCode, refused.stderr).toBe(exitCodes.invalid);
  expect(refused.stderr).toContain('http://127.0.0.1:1 cannot be reached');
  expect((await tenfold('--help')).stdout).toContain('npx tenfold run aurora-failover');
  expect((await tenfold('init', 'other.config.ts')).stdout).toContain('npx tenfold describe');
  expect(await readFile(join(project, 'other.config.ts'), 'utf8')).toContain("from 'tenfold/config'");

  for (const resolution of [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }]) {
    const options = { ...resolution, target: 'es2023', strict: true, noEmit: true, types: [] };
    await writeFile(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['tenfold.config.ts'] }),
    );
    await must`${join(rootFolder, 'node_modules', '.bin', 'tsc')} -p ${project}`;
  }
  expect(await leftovers(place)).toEqual([]);
});
