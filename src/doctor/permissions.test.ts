import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { testFolder } from '../../tests/support/test-folder.ts';
import { troubleWriting } from '../runtime/trouble-writing.ts';
import { permissions } from './permissions.ts';

let folder: string;
beforeEach(async () => {
  const { path, end } = await testFolder('XDG_STATE_HOME', 'state');
  folder = path;
  return end;
});

test('a folder that can be written, or be made, is left as it was', async () => {
  expect(await troubleWriting(folder)).toBeUndefined();
  expect(await troubleWriting(join(folder, 'to', 'be', 'made'))).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test('a file where a folder should be is trouble, for root too', async () => {
  await writeFile(join(folder, 'file'), '');
  expect(await troubleWriting(join(folder, 'file'))).toBe('ENOTDIR');
  expect(await troubleWriting(join(folder, 'file', 'reports'))).toBe('ENOTDIR');
  expect(await readdir(folder)).toEqual(['file']);
});

test('each folder that cannot be written is a problem, with the way to choose another', async () => {
  await writeFile(join(folder, 'file'), '');
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'file'));
  const answers = await permissions.run(testContext({ reportsFolder: join(folder, 'file', 'reports') }));
  expect(answers.filter(({ outcome }) => outcome === 'problem')).toMatchObject([
    { message: expect.stringMatching(/^reports: .* is not writable/), remedy: expect.stringContaining('--reports') },
    { message: expect.stringMatching(/^journals and locks/), remedy: expect.stringContaining('XDG_STATE_HOME') },
  ]);
});

test('nothing is made where all can be written', async () => {
  const answers = await permissions.run(testContext({ reportsFolder: join(folder, 'reports') }));
  expect(answers.some(({ outcome }) => outcome === 'problem')).toBe(false);
  await expect(access(join(folder, 'reports'))).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});
