import { constants } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { invalid } from '../model/errors.ts';
import { makeFolder } from '../runtime/files.ts';
import { rootFolder, run } from '../runtime/processes.ts';
import { k6Environment } from './k6-environment.ts';

/** The version that src/load/engine/go.mod pins and that tenfold is tested with. */
export const pinnedVersion = '2.2.0';
/** Versions with native TypeScript and `--summary-mode`; see docs/decisions/. */
const supportedMajor = 2;

/** The oldest Go that builds k6, as src/load/engine/go.mod has it. */
export const neededGo = { major: 1, minor: 26 } as const;

export interface K6 {
  path: string;
  version: string;
  from: string;
}

/**
 * The k6 to use: K6_PATH, the PATH, the cache, or one built from source with Go, in this order.
 * @param progress called with a line when something takes long.
 * @throws TenfoldError (invalid) that lists every place that was tried.
 */
export async function findK6(progress: (message: string) => void, signal?: AbortSignal): Promise<K6> {
  const { k6, tried } = await lookForK6();
  if (k6) return k6;
  const cached = cachedK6();
  const built = await build(cached, progress, signal);
  if (built.ok) return { path: cached, version: pinnedVersion, from: 'built from source' };
  throw noK6([...tried, `Go: ${built.reason}`]);
}

/**
 * The k6 that is there, without building one; or where it was looked for.
 * @throws TenfoldError (invalid) where K6_PATH names one that will not do.
 */
export async function lookForK6(): Promise<{ k6: K6 | undefined; tried: string[] }> {
  const chosen = process.env.K6_PATH;
  if (chosen) return { k6: await required(chosen), tried: [] };
  const tried: string[] = ['K6_PATH is not set'];
  for (const [path, from] of [
    [await onPath('k6'), 'PATH'],
    [cachedK6(), 'cache'],
  ] as const) {
    const version = path && (await versionOf(path));
    if (path && version && isSupported(version)) return { k6: { path, version, from }, tried };
    tried.push(
      version
        ? `${from}: ${path} is k6 ${version}, but ${supportedMajor}.x is needed`
        : `${from}: no k6${path ? ` at ${path}` : ''}`,
    );
  }
  return { k6: undefined, tried };
}

/** A k6 that the user chose by name must do; falling back to another in silence would surprise. */
async function required(chosen: string): Promise<K6> {
  // k6 runs in a folder of its own: relative to that, a path would lead elsewhere.
  const path = chosen.includes(sep) ? resolve(chosen) : ((await onPath(chosen)) ?? chosen);
  const version = await versionOf(path);
  if (version === undefined) throw noK6([`K6_PATH: ${path} is not a working k6`]);
  if (!isSupported(version)) throw noK6([`K6_PATH: ${path} is k6 ${version}, but ${supportedMajor}.x is needed`]);
  return { path, version, from: 'K6_PATH' };
}

export const noK6 = (tried: string[]) =>
  invalid(
    ['no usable k6, the load generator:', ...tried.map((line) => `  - ${line}`)],
    `install k6 ${supportedMajor}.x and put it on the PATH, set K6_PATH, or install Go ${neededGo.major}.${neededGo.minor} or newer and run again`,
  );

async function versionOf(path: string): Promise<string | undefined> {
  const result = await run(path, ['version'], { environment: k6Environment(), timeoutMs: 20_000 });
  // It calls itself by the name of its file.
  return /^\S*k6\S* v(\d+\.\d+\.\d+)/m.exec(result.stdout)?.[1];
}

const isSupported = (version: string): boolean => Number(version.split('.')[0]) === supportedMajor;

/** The path of a program that is on the PATH. */
export async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = resolve(folder, name);
    if (folder && (await isExecutable(path))) return path;
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Where a k6 is kept that was built. */
export function cacheFolder(): string {
  const base = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  const chosen = process.env.XDG_CACHE_HOME ?? '';
  // By the specification of these variables one that is relative counts as not set.
  return join(isAbsolute(chosen) ? chosen : base, 'tenfold');
}

const cachedK6 = (): string => join(cacheFolder(), `k6-v${pinnedVersion}`);

/** Builds from modules alone, pinned by go.sum; `go install pkg@version` fails where only a module proxy is reached. */
async function build(
  to: string,
  progress: (message: string) => void,
  signal?: AbortSignal,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const go = await onPath('go');
  if (!go) return { ok: false, reason: 'there is no go on the PATH to build k6 with' };
  progress(`building k6 v${pinnedVersion} from source, once: about a minute`);
  const part = `${to}.${process.pid}.part`;
  try {
    await makeFolder(dirname(to));
  } catch (error) {
    return { ok: false, reason: `the k6 that Go builds cannot be stored: ${(error as Error).message}` };
  }
  const result = await run(go, ['build', '-trimpath', '-o', part, 'go.k6.io/k6/v2'], {
    cwd: join(rootFolder, 'src', 'load', 'engine'),
    env: buildsForThisMachine,
    timeoutMs: 900_000,
    ...(signal && { signal }),
  });
  const runs = result.ok && (await versionOf(part)) !== undefined;
  if (!runs) await rm(part, { force: true });
  signal?.throwIfAborted();
  if (!result.ok)
    return { ok: false, reason: `go build failed: ${result.stderr.trim().split('\n').slice(-3).join(' | ')}` };
  if (!runs) return { ok: false, reason: 'the k6 that Go built does not run here' };
  await rename(part, to);
  return { ok: true };
}

/** Where modules come from is for the environment to say; for which machine, and by which rules, k6 is built is not. */
const buildsForThisMachine = {
  GOFLAGS: '-mod=readonly',
  GO111MODULE: 'on',
  GOWORK: 'off',
  GOOS: process.platform,
  GOARCH: process.arch === 'x64' ? 'amd64' : process.arch,
  CGO_ENABLED: '0',
};
