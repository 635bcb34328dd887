import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { nodeEnvironment } from './child-environment.ts';
import { shell } from './shell.ts';

/** The root folder of the checkout, or of the package. */
export const rootFolder = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
/** A checkout runs TypeScript as it is; the package is JavaScript, because Node strips no types below node_modules. */
export const extension = extname(import.meta.filename);
export const isPackage = extension === '.js';
/** The path of one of tenfold's own modules, such as `programAt('src', 'cli', 'main')`. */
export const programAt = (...path: string[]): string => join(rootFolder, ...path) + extension;

/** Runs a command to its end. Its result has the same shape whether it worked or not; it never throws. */
export async function run(
  command: string,
  args: string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    /** Its whole environment, instead of this process's. */
    environment?: Record<string, string>;
    signal?: AbortSignal;
    timeoutMs?: number;
  } = {},
): Promise<{ ok: boolean; exitCode: number | null; stdout: string; stderr: string; message: string }> {
  const { cwd, env, environment, signal, timeoutMs } = options;
  const result = await shell({
    env: environment ?? { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  })`${[command, ...args]}`;
  return {
    ok: result.ok,
    // zx reports a program that could not be started by a negative number.
    exitCode: result.cause ? null : result.exitCode,
    stdout: result.stdout.replace(/\n$/, ''),
    stderr: result.stderr.replace(/\n$/, ''),
    message: result.ok ? '' : (result.cause?.message ?? `${command} ${ending(result.exitCode, result.signal)}`),
  };
}

/** How a process ended, in words. */
const ending = (exitCode: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;

/** A process that lives until it is stopped. It ends when its stdin ends, that is, when its owner dies. */
export interface Owned {
  pid: number | undefined;
  stdout: Readable;
  stderr: Readable;
  /** How it ended; never rejects. */
  ended: Promise<{ exitCode: number | null; message: string }>;
}

interface OwnedOptions {
  cwd?: string;
  /** Its whole environment; left out: this process's. */
  environment?: Record<string, string>;
}

/** Starts a process that watches its stdin as a lifeline. */
export function startOwned(command: string, args: string[], { cwd, environment }: OwnedOptions = {}): Owned {
  const child = spawn(command, args, {
    // A process group of its own: the terminal's Ctrl-C reaches only tenfold, which then ends things in order.
    detached: true,
    stdio: 'pipe',
    cwd,
    env: environment,
  });
  // A pipe whose process was killed may end in an error (EPIPE, ECONNRESET): the process's end is what gets reported.
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on('error', () => {});
  return { pid: child.pid, stdout: child.stdout, stderr: child.stderr, ended: endOf(child, command) };
}

/** Resolves when a process has ended and all its output can be read, or when it could not be started; never rejects. */
function endOf(child: ChildProcess, command: string): Owned['ended'] {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ exitCode: null, message: error.message }));
    child.on('close', (exitCode, signal) =>
      resolve({ exitCode, message: exitCode === 0 ? '' : `${command} ${ending(exitCode, signal)}` }),
    );
  });
}

/**
 * Puts a measuring process ahead of all others in the queue for the CPU, where that is allowed (as root): a generator
 * that has to wait for its turn mistakes its own delay for the shop's. Linux queues sessions, not processes (man 7
 * sched, "The autogroup feature"), so both are set.
 */
export function measuresFirst({ pid }: Owned): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, -10);
    writeFileSync(`/proc/${pid}/autogroup`, '-10');
  } catch {
    // Not root, or no such feature: the verdict looks at how late the instruments were, whatever their priority.
  }
}

/** One of tenfold's own programs, run by the same Node as this one. @param variables names of those that it reads */
export const startOwnedNode = (script: string, args: string[], variables: readonly string[] = []): Owned =>
  startOwned(process.execPath, [script, ...args], { environment: nodeEnvironment(variables) });

/** Ends a process group: a signal, then SIGKILL after the grace. */
export async function stopOwned(child: Owned, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  signalGroup(child.pid, signal);
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
  await child.ended;
  clearTimeout(timer);
  signalGroup(child.pid, 'SIGKILL');
}

/** Signals a process group; no error when it is gone, or never was. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // macOS answers EPERM where only zombies are left.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Whether a process with this id lives on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Dead, but not yet reaped: forever so in a container whose first process reaps nobody. */
function isZombie(pid: number): boolean {
  try {
    // proc(5): pid (name) state ..., and a name may hold anything.
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A process that outlives this one, whatever ends it; its output is not read. Disposing ends its whole group. */
export function startOutliving(program: string, args: string[]): AsyncDisposable {
  const child = spawn(program, args, { detached: true, stdio: 'ignore', cwd: '/' });
  let hasEnded = false;
  const ended = endOf(child, program).then(() => {
    hasEnded = true;
  });
  return {
    async [Symbol.asyncDispose]() {
      // Its PID may be another process's by now.
      if (!hasEnded) signalGroup(child.pid, 'SIGKILL');
      await ended;
    },
  };
}
