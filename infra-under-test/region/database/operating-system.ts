import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { host } from './topology.ts';

const run = promisify(execFile);

/** The user PostgreSQL runs as. It refuses to run as root. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/** The user `nobody` when we are root; null when we are not, and stay who we are. */
export async function unprivilegedUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const idOf = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/** A user as options of a child process, which take signed numbers (macOS: nobody is -2). */
export const asUser = (user: SystemUser | null): { uid?: number; gid?: number } =>
  user ? { uid: user.uid | 0, gid: user.gid | 0 } : {};

/** Gives a file or folder to a user; nothing to do without one. */
async function giveTo(user: SystemUser | null, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

/** Creates a folder that only its user can enter. */
export async function makePrivateFolder(user: SystemUser | null, path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await giveTo(user, path);
}

/** Writes a file that only its user can read. */
export async function writePrivate(user: SystemUser | null, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await giveTo(user, path);
}

/** Direct children of a process, lowest pid first. Slim Linux images have no `ps`, and macOS has no /proc. */
export async function childrenOf(pid: number): Promise<number[]> {
  const parents = process.platform === 'linux' ? await parentsFromProc() : await parentsFromPs();
  return parents
    .filter(({ parent }) => parent === pid)
    .map((process) => process.pid)
    .sort((a, b) => a - b);
}

async function parentsFromProc() {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  // "pid (name) state parent ...": a name may hold spaces and parentheses.
  return stats.flatMap((stat) => {
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    return parent ? [{ pid: Number.parseInt(stat, 10), parent: Number(parent) }] : [];
  });
}

async function parentsFromPs() {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent) };
    });
}

/** Sends a signal; a process that is already gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * A free TCP port of loopback below the ephemeral ranges of Linux and macOS: while its instance is down, no
 * outgoing connection can take it.
 */
export async function stablePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error('no free TCP port between 20000 and 32000 on 127.0.0.1');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
