import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { testFolder } from '../../tests/support/test-folder.ts';
import { disk, judgeDisk } from './disk.ts';
import type { Place } from './places.ts';
import { gibibyte, mebibyte, sizeText } from './sizes.ts';

let folder: string;
beforeEach(async () => {
  const { path, end } = await testFolder('XDG_STATE_HOME', 'state');
  folder = path;
  return end;
});

const places: Place[] = [
  { what: 'reports', folder: '/reports', wayOut: '--reports FOLDER' },
  { what: 'temporary files', folder: '/tmp', wayOut: 'TMPDIR' },
];

test('folders on one disk share its space, and are told together', async () => {
  const answers = await disk.run(testContext({ reportsFolder: join(folder, 'reports') }));
  const ofReports = answers.find(({ message }) => message.includes('reports'));
  expect(ofReports?.message).toMatch(/free for reports, temporary files, journals and locks/);
  expect(await readdir(folder)).toEqual([]);
});

test('too little space, or too few files, is a problem that says which folders can be elsewhere', () => {
  const room = { free: 700 * mebibyte, freeFiles: 5_000_000 };
  expect(judgeDisk(places, room, 600 * mebibyte).outcome).toBe('ok');
  expect(judgeDisk(places, room, gibibyte)).toMatchObject({
    outcome: 'problem',
    message: expect.stringContaining('700 MB free for reports, temporary files, 1.0 GB needed'),
    remedy: expect.stringContaining('--reports FOLDER, TMPDIR'),
  });
  expect(judgeDisk(places, { ...room, freeFiles: 99 }, mebibyte)).toMatchObject({ outcome: 'problem' });
  expect(judgeDisk(places, { ...room, freeFiles: null }, mebibyte)).toMatchObject({ outcome: 'ok' });
});

test('sizes are never told as more than they are', () => {
  expect(sizeText(1.99 * mebibyte)).toBe('1 MB');
  expect(sizeText(1.99 * gibibyte)).toBe('1.9 GB');
});
