import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { pinnedVersion } from '../load/find-k6.ts';
import { judgeGo, k6 } from './k6.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  vi.stubEnv('K6_PATH', undefined);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('PATH', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
const look = () => k6.run(testContext());

test('a k6 that is there is told with its version and its place', async () => {
  const path = await program('k6', `echo 'k6 v${pinnedVersion} (go1.26, linux/amd64)'`);
  expect(await look()).toEqual([{ outcome: 'ok', message: `k6 ${pinnedVersion} at ${path} (PATH)` }]);
});

test('one of another version than the tested one is told so', async () => {
  await program('k6', `echo 'k6 v2.9.1 (go1.27, linux/amd64)'`);
  expect((await look())[0]).toMatchObject({ outcome: 'ok', message: expect.stringContaining('tested with') });
});

test('a K6_PATH that names no k6 is a problem, whatever else is there', async () => {
  await program('k6', `echo 'k6 v${pinnedVersion} (go1.26, linux/amd64)'`);
  vi.stubEnv('K6_PATH', join(folder, 'none'));
  expect((await look())[0]).toMatchObject({ outcome: 'problem', message: expect.stringContaining('K6_PATH') });
});

test('neither k6 nor Go is a problem that lists where was looked, with its remedy', async () => {
  const [answer] = await look();
  expect(answer).toMatchObject({ outcome: 'problem', remedy: expect.stringContaining('install k6 2.x') });
  expect(answer?.message).toMatch(/PATH: no k6[\s\S]*cache: no k6[\s\S]*Go: there is no go/);
});

test('with Go alone the first drill builds k6, which the doctor does not', async () => {
  await program(
    'go',
    `case "$1" in version) echo go version go1.26.2 linux/amd64;; env) echo auto;; *) touch "$0.built";; esac`,
  );
  expect((await look())[0]).toMatchObject({
    outcome: 'warning',
    message: expect.stringContaining('first drill builds'),
  });
  expect(await readdir(folder)).toEqual(['go']);
});

test('a Go that is too old is a problem, unless it fetches a newer one by itself', () => {
  expect(judgeGo({ version: '1.24.1', mayFetch: false }, []).outcome).toBe('problem');
  expect(judgeGo({ version: '1.20', mayFetch: true }, []).outcome).toBe('problem');
  expect(judgeGo({ version: '1.24.1', mayFetch: true }, [])).toMatchObject({
    outcome: 'warning',
    message: expect.stringContaining('Go fetches 1.26 first'),
  });
  expect(judgeGo({ version: '1.27rc1', mayFetch: false }, []).outcome).toBe('warning');
});
