import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootFolder } from '../runtime/processes.ts';
import { shell } from '../runtime/shell.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-expiry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const secondsFromNow = (seconds: number): string => String(Math.floor(Date.now() / 1_000) + seconds);

/** Waits for the journal to go, or for an instant, and then runs a shell script. */
async function expire(at: string, script: string): Promise<void> {
  const journal = join(folder, 'journal');
  const program = join(rootFolder, 'bin', 'expire.sh');
  await shell({ cwd: folder, timeout: 20_000 })`/bin/sh ${program} ${journal} ${at} sh -c ${script} cleanup ${journal}`;
}

test('what is over is undone, and that is all', async () => {
  writeFileSync(join(folder, 'journal'), '');
  await expire(secondsFromNow(1), 'echo x >> ran; rm "$1"');
  expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('x\n');
});

test('what the drill has undone itself is left alone', async () => {
  await expire(secondsFromNow(0), 'echo x >> ran');
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('what cannot be undone yet is tried again', async () => {
  writeFileSync(join(folder, 'journal'), '');
  await expire(secondsFromNow(0), 'echo x >> ran; [ -e once ] && rm "$1"; touch once; exit 4');
  expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('x\nx\n');
});
