import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { testFolder } from '../../tests/support/test-folder.ts';
import { invalid } from '../model/errors.ts';
import { deadIn, regions } from './regions.ts';

let folder: string;
beforeEach(async () => {
  const { path, end } = await testFolder('TMPDIR');
  folder = path;
  return end;
});

async function leaveRegion(name: string, pid: number): Promise<string> {
  const dir = join(folder, `tenfold-region-${name}`);
  await mkdir(dir);
  await writeFile(join(dir, 'owner.json'), JSON.stringify({ id: name, pid, dir }));
  return dir;
}

test('a region whose supervisor died is told with the command that ends it; one that lives is not', async () => {
  const dir = await leaveRegion('dead', spawnSync('true').pid);
  await leaveRegion('alive', process.pid);
  await mkdir(join(folder, 'tenfold-region-without-owner'));
  expect(await deadIn(folder)).toEqual([
    expect.objectContaining({ outcome: 'warning', remedy: `npm run platform -- down --dir ${dir}` }),
  ]);
});

test('a region that is kept up is told, and one of another version is a problem', async () => {
  expect(await regions.run(testContext({ keptUpAt: async () => 'http://127.0.0.1:8080' }))).toMatchObject([
    { outcome: 'warning', message: expect.stringContaining('http://127.0.0.1:8080') },
  ]);
  const refused = async () => {
    throw invalid('the pocket region that is up is from another version', 'npm run platform -- down');
  };
  expect(await regions.run(testContext({ keptUpAt: refused }))).toEqual([
    expect.objectContaining({ outcome: 'problem', remedy: 'npm run platform -- down' }),
  ]);
});

test("none is looked for where the shop is one's own", async () => {
  await leaveRegion('dead', spawnSync('true').pid);
  expect(await regions.run(testContext({ standsUp: false }))).toEqual([]);
});
