import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeTempFolder } from './temp-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-temp-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('what a dead process left is removed, and what a living one has is not', () => {
  const ours = makeTempFolder('judging');
  const dead = makeTempFolder('judging').replace(`-${process.pid}-`, '-999999999-');
  renameSync(dead.replace('-999999999-', `-${process.pid}-`), dead);
  const other = makeTempFolder('other');
  makeTempFolder('judging');
  expect([ours, dead, other].map((one) => existsSync(one))).toEqual([true, false, true]);
});
