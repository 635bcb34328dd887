import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drillNames, loadDrill } from './load-drill.ts';
import { folders } from './wire.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

test('every drill of the repository is a valid definition', async () => {
  const names = await drillNames(folders.scenarios);
  expect(names).toContain('aurora-failover');
  for (const name of names) expect((await loadDrill(folders.scenarios, name)).name).toBe(name);
});

test('a mistyped name is met with the nearest one', async () => {
  await expect(loadDrill(folders.scenarios, 'aurora-failovr')).rejects.toMatchObject({
    message: 'there is no drill aurora-failovr',
    hint: expect.stringContaining('did you mean aurora-failover?'),
  });
});

test('all errors of a definition are told together', async () => {
  await mkdir(join(folder, 'traffic'));
  await writeFile(
    join(folder, 'broken.ts'),
    `export default { title: '', why: 'x', fault: {}, objectives: { latency: [{ path: 'api', limitMs: -1, phases: [] }], recovery: [{ path: 'write', objectiveMs: '30s' }], errorBudget: { objective: 2, windowDays: 30, maxBurnedRatio: 1 }, typo: 1 } };`,
  );
  expect(await drillNames(folder)).toEqual(['broken']);
  const error = (await loadDrill(folder, 'broken').catch((e: unknown) => e)) as Error & { exitCode: number };
  expect(error.exitCode).toBe(4);
  for (const place of ['title', 'fault', 'limitMs', 'phases', 'objectiveMs', 'errorBudget.objective', 'typo']) {
    expect(error.message).toContain(place);
  }
});

test.each([
  ['with a typing error', 'export default {\n  title: {{\n};', /odd\.ts cannot be loaded: /],
  ['that throws', 'throw new Error("no licence")', /odd\.ts cannot be loaded: no licence/],
  ['that is nothing', '', /odd\.ts is not a drill:[\s\S]*received undefined/],
  ['that is a promise which is rejected', 'export default Promise.reject(7)', /odd\.ts cannot be loaded: it throws 7/],
])('a definition %s is refused', async (_, text, message) => {
  await writeFile(join(folder, 'odd.ts'), text);
  await expect(loadDrill(folder, 'odd')).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringMatching(message),
  });
});
