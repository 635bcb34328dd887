import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isCompleteGzip } from './complete-gzip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-gzip-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('a gzip is whole with its last byte, and not without it, whatever is missing', async () => {
  const path = join(folder, 'x.gz');
  const whole = gzipSync(Array.from({ length: 50 }, (_, i) => `key-${i},${i}\n`).join(''));
  await writeFile(path, whole);
  expect(await isCompleteGzip(path)).toBe(true);
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(path, whole.subarray(0, length));
    expect(await isCompleteGzip(path), `${length} bytes`).toBe(false);
  }
  expect(await isCompleteGzip(join(folder, 'none.gz'))).toBe(false);
});
