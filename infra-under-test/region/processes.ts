import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { waitsItsTurn } from './cpu-turns.ts';

const run = promisify(execFile);

export interface NodeProcessOptions {
  /** For messages and the log. */
  name: string;
  args: string[];
  /** Added to PATH; nothing else is inherited. */
  env?: Record<string, string>;
  /** Receives stderr. */
  logFile: string;
}

/** A process of ours: it leads a process group, and a pipe that it holds as stdin ends when we do. */
export interface OwnProcess {
  name: string;
  pid: number;
  child: ChildProcess;
  /** How it ended, in words. */
  exited: Promise<string>;
  /** SIGTERM, and SIGKILL to its whole group after the grace or when it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Starts Node with arguments. Rejects when there is no such program. */
export async function startNode({ name, args, env, logFile }: NodeProcessOptions): Promise<OwnProcess> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, args, {
    env: { ...env, PATH: process.env.PATH ?? '' },
    stdio: ['pipe', 'pipe', log],
    detached: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => {});
  const { promise: exited, resolve } = Promise.withResolvers<string>();
  child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  await once(child, 'spawn');
  const pid = child.pid as number;
  waitsItsTurn(pid);
  const stop = async (graceMs: number) => {
    child.kill('SIGTERM');
    await Promise.race([exited, sleep(graceMs, undefined, { ref: false })]);
    killGroup(pid, 'SIGKILL');
    await exited;
  };
  return { name, pid, child, exited, stop };
}

/** What a process reports in its line `{"listening":{...}}` on stdout; null when it ended without one. */
export async function listening<T>({ child, exited }: OwnProcess): Promise<T | null> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const { promise, resolve } = Promise.withResolvers<T>();
  lines.on('line', (line) => line.startsWith('{"listening"') && resolve(JSON.parse(line).listening as T));
  return await Promise.race([promise, exited.then(() => null)]);
}

/** Signals a whole process group; no error when it is gone. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // macOS answers EPERM where only zombies are left.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

export interface RunningProcess {
  pid: number;
  parent: number;
  /** The program first. */
  args: string[];
}

/** What marks a process as a region's: its label, or a data folder below the region's. */
export interface RegionMark {
  id: string;
  dir: string;
}

/** The argument that labels a process of ours. */
export const labelOf = (regionId: string): string => `--region=${regionId}`;

/** Kills all other processes of a region, even frozen ones, whoever their parent is now. */
export async function killLeftovers(region: RegionMark): Promise<void> {
  for (const pid of leftoversAmong(await runningProcesses(), region, process.pid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Pids of a region's processes and all their descendants (PostgreSQL's carry no mark), except one. */
export function leftoversAmong(processes: RunningProcess[], region: RegionMark, except: number): number[] {
  const found = new Set(processes.filter((process) => belongsTo(region, process)).map(({ pid }) => pid));
  found.delete(except);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent) && pid !== except) found.add(pid);
  }
  return [...found];
}

/** Whether a pid belongs to a living supervisor, not to another process that got its number. */
export async function isSupervisor(pid: number): Promise<boolean> {
  return (await runningProcesses()).some((process) => process.pid === pid && process.args.some(isSupervisorProgram));
}

const isSupervisorProgram = (arg: string): boolean => /region\/main\.[jt]s$/.test(arg);

function belongsTo({ id, dir }: RegionMark, { args }: RunningProcess): boolean {
  return args.some((arg, index) => {
    const dataFolder = arg === '-D' ? args[index + 1] : arg.split('--pgdata=')[1];
    return arg === labelOf(id) || dataFolder?.startsWith(`${dir}/`);
  });
}

/** All processes that we may see. Slim Linux images have no `ps`, and macOS has no /proc. */
export async function runningProcesses(): Promise<RunningProcess[]> {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

async function fromProc(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map(readProc));
}

async function readProc(pid: string): Promise<RunningProcess> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [stat, commandLine] = await Promise.all([read('stat'), read('cmdline')]);
  // "pid (name) state parent ...": a name may hold spaces and parentheses.
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return { pid: Number(pid), parent, args: commandLine.split('\0') };
}

async function fromPs(): Promise<RunningProcess[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,ppid=,command='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command ? [{ pid: Number(pid), parent: Number(parent), args: command.split(' ') }] : [];
  });
}
