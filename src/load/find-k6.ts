import { constants } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { invalid } from '../model/errors.ts';
import { rootFolder, run } from '../runtime/processes.ts';
import { k6Environment } from './k6-environment.ts';

/** The version that src/load/engine/go.mod pins and that tenfold is tested with. */
export const pinnedVersion = '2.2.0';
/** Versions with native TypeScript and `--summary-mode`; see docs/decisions/. */
const supportedMajor = 2;

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
  const chosen = process.env.K6_PATH;
  if (chosen) return await required(chosen);
  const tried: string[] = ['K6_PATH is not set'];
  const cached = join(cacheFolder(), `k6-v${pinnedVersion}`);
  for (const [path, from] of [
    [await onPath('k6'), 'PATH'],
    [cached, 'cache'],
  ] as const) {
    const version = path && (await versionOf(path));
    if (path && version && isSupported(version)) return { path, version, from };
    tried.push(
      version
        ? `${from}: ${path} is ${version}, needed is ${supportedMajor}.x`
        : `${from}: no k6${path ? ` at ${path}` : ''}`,
    );
  }
  const built = await build(cached, progress, signal);
  if (built.ok) return { path: cached, version: pinnedVersion, from: 'built from source' };
  throw noK6([...tried, `Go: ${built.reason}`]);
}

/** A k6 that the user chose by name must do; falling back to another in silence would surprise. */
async function required(path: string): Promise<K6> {
  const version = await versionOf(path);
  if (version === undefined) throw noK6([`K6_PATH: ${path} is not a k6 that runs`]);
  if (!isSupported(version)) throw noK6([`K6_PATH: ${path} is k6 ${version}, needed is ${supportedMajor}.x`]);
  return { path, version, from: 'K6_PATH' };
}

const noK6 = (tried: string[]) =>
  invalid(
    ['no usable k6, the load generator:', ...tried.map((line) => `  - ${line}`)],
    `install k6 ${supportedMajor}.x and put it on the PATH, set K6_PATH, or install Go 1.26 or newer and run again`,
  );

async function versionOf(path: string): Promise<string | undefined> {
  const result = await run(path, ['version'], { environment: k6Environment(), timeoutMs: 20_000 });
  // It calls itself by the name of its file.
  return /^\S*k6\S* v(\d+\.\d+\.\d+)/m.exec(result.stdout)?.[1];
}

const isSupported = (version: string): boolean => Number(version.split('.')[0]) === supportedMajor;

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder && (await isExecutable(path))) return path;
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

function cacheFolder(): string {
  const base = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(process.env.XDG_CACHE_HOME || base, 'tenfold');
}

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
  await mkdir(cacheFolder(), { recursive: true });
  const result = await run(go, ['build', '-trimpath', '-o', part, 'go.k6.io/k6/v2'], {
    cwd: join(rootFolder, 'src', 'load', 'engine'),
    env: { GOFLAGS: '-mod=readonly', CGO_ENABLED: '0' },
    timeoutMs: 900_000,
    ...(signal && { signal }),
  });
  if (!result.ok) await rm(part, { force: true });
  signal?.throwIfAborted();
  if (!result.ok)
    return { ok: false, reason: `go build failed: ${result.stderr.trim().split('\n').slice(-3).join(' | ')}` };
  await rename(part, to);
  return { ok: true };
}
