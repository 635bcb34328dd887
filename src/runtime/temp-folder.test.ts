import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

test.skipIf(process.getuid?.() === 0)('what may not be removed is left, and stops nobody', () => {
  const theirs = makeTempFolder('judging').replace(`-${process.pid}-`, '-999999999-');
  renameSync(theirs.replace('-999999999-', `-${process.pid}-`), theirs);
  writeFileSync(join(theirs, 'file'), '');
  chmodSync(theirs, 0o500);
  expect(existsSync(makeTempFolder('judging'))).toBe(true);
  expect(existsSync(theirs)).toBe(true);
  chmodSync(theirs, 0o700);
});

test('what a dead process left is removed, and what a living one has is not', () => {
  const ours = makeTempFolder('judging');
  const dead = makeTempFolder('judging').replace(`-${process.pid}-`, '-999999999-');
  renameSync(dead.replace('-999999999-', `-${process.pid}-`), dead);
  const other = makeTempFolder('other');
  makeTempFolder('judging');
  expect([ours, dead, other].map((one) => existsSync(one))).toEqual([true, false, true]);
});
