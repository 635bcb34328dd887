import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cacheFolder, findK6, pinnedVersion } from './find-k6.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  vi.stubEnv('K6_PATH', undefined);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A program that answers `k6 version`. */
async function program(name: string, output: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho '${output}'\n`);
  await chmod(path, 0o755);
  return path;
}
const find = () => findK6(() => {});

test('K6_PATH comes first', async () => {
  const path = await program('my-k6', 'k6 v2.7.1 (go1.27, linux/amd64)');
  vi.stubEnv('K6_PATH', path);
  expect(await find()).toEqual({ path, version: '2.7.1', from: 'K6_PATH' });
});

test('a K6_PATH that is too old, or no k6, is refused instead of falling back', async () => {
  vi.stubEnv('K6_PATH', await program('old-k6', 'k6 v1.3.0 (go1.24, linux/amd64)'));
  await expect(find()).rejects.toThrow('is k6 1.3.0, but 2.x is needed');
  vi.stubEnv('K6_PATH', join(folder, 'none'));
  await expect(find()).rejects.toThrow('is not a working k6');
});

test('a path is found from any folder, for k6 runs in one of its own', async () => {
  const path = await program('my-k6', 'k6 v2.7.1 (go1.27, linux/amd64)');
  vi.stubEnv('PATH', relative(process.cwd(), folder));
  for (const named of [relative(process.cwd(), path), 'my-k6']) {
    vi.stubEnv('K6_PATH', named);
    expect(await find()).toMatchObject({ path, from: 'K6_PATH' });
  }
});

test('a cache folder that is relative counts as not set', () => {
  vi.stubEnv('XDG_CACHE_HOME', 'cache');
  expect(isAbsolute(cacheFolder())).toBe(true);
});

test('Go builds for this machine, whatever other work builds for; and what does not run here is not kept', async () => {
  const said = join(folder, 'said');
  const go = [
    '#!/bin/sh',
    `echo "$GOOS $GOARCH $GOWORK $GOFLAGS $GOPROXY" > '${said}'`,
    'while [ "$1" != -o ]; do shift; done',
    'echo "exit 1" > "$2"',
  ];
  await writeFile(join(folder, 'go'), go.join('\n'));
  await chmod(join(folder, 'go'), 0o755);
  vi.stubEnv('PATH', folder);
  const others = { GOOS: 'plan9', GOARCH: 'mips', GOWORK: '/elsewhere/go.work', GOPROXY: 'https://modules.example' };
  for (const [name, value] of Object.entries(others)) vi.stubEnv(name, value);
  await expect(find()).rejects.toThrow('Go: the k6 that Go built does not run here');
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const told = (await readFile(said, 'utf8')).trim();
  expect(told).toBe(`${process.platform} ${arch} off -mod=readonly https://modules.example`);
  expect(await readdir(join(folder, 'cache', 'tenfold'))).toEqual([]);
});

test('a supported k6 on the PATH is used', async () => {
  const path = await program('k6', `k6 v${pinnedVersion} (go1.26, linux/amd64)`);
  vi.stubEnv('PATH', folder);
  expect(await find()).toEqual({ path, version: pinnedVersion, from: 'PATH' });
});

test('a k6 that was built before is found in the cache, under the name that it has there', async () => {
  await mkdir(join(folder, 'cache', 'tenfold'), { recursive: true });
  const name = `k6-v${pinnedVersion}`;
  const path = await program(join('cache', 'tenfold', name), `${name} v${pinnedVersion} (go1.26, linux/amd64)`);
  vi.stubEnv('PATH', folder);
  expect(await find()).toEqual({ path, version: pinnedVersion, from: 'cache' });
});

test('a machine with no k6 and no Go gets one error that lists every place that was tried', async () => {
  await program('k6', 'k6 v0.49.0 (go1.21, linux/amd64)');
  vi.stubEnv('PATH', folder);
  const error = await find().catch((e: Error & { hint?: string; exitCode?: number }) => e);
  expect(error).toMatchObject({ exitCode: 4, hint: expect.stringContaining('set K6_PATH') });
  for (const tried of ['K6_PATH is not set', 'is k6 0.49.0, but 2.x is needed', 'cache: no k6', 'no go on the PATH']) {
    expect(String(error)).toContain(tried);
  }
});
