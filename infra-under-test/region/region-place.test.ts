import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RegionPlace } from './region-place.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-place-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

test.each([
  '{',
  'null',
  '[]',
  '{"pid":"x"}',
  '{"pid":4194000,"id":"0a","dir":"."}',
  '{"pid":4194000,"id":"","dir":"/"}',
  '{"pid":4194000,"dir":"/"}',
])('an owner that is none, %s, owns nothing that could be removed', async (text) => {
  await writeFile(join(folder, 'owner.json'), text);
  expect(await new RegionPlace(folder).find()).toEqual({ living: null, clearedUp: false });
  expect(await readdir(folder)).toEqual(['owner.json']);
});
