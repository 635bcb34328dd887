import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signalGroup } from './processes.ts';

export interface CommandEnd {
  ok: boolean;
  /** The last of what it said, on both streams. */
  said: string;
  /** How it ended, in words: empty when it succeeded. */
  message: string;
}

const graceMs = 2_000;
/** Of what a command says, so much is kept: it may say gigabytes. */
const tailBytes = 20_000;

/**
 * Runs somebody's command to its end in a process group of its own, out of reach of the terminal's Ctrl-C. When its time
 * is over, or the signal says so, the whole group is ended. What it leaves in the background lives on: it may be what was
 * asked for. Never throws.
 */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: { cwd: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<CommandEnd> {
  const [program, ...args] = argv;
  using output = openOutput();
  const end = await new Promise<string>((resolve) => {
    const { fd } = output;
    const child = spawn(program, args, { cwd: options.cwd, detached: true, stdio: ['ignore', fd, fd] });
    const ending = endsGroup(child.pid, options);
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      const stopped = ending.stop();
      if (stopped !== undefined) resolve(stopped);
      else if (code === 0) resolve('');
      else resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
  return { ok: end === '', said: output.tail().trim(), message: end };
}

/**
 * Where a command's words go. A file, not a pipe: what stays in the background would keep a pipe open, and its reader waiting.
 * Where no file can be had (the disk may be full by the very fault that the command takes back) they are lost, and it runs.
 */
function openOutput(): Disposable & { fd: number | 'ignore'; tail: () => string } {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'tenfold-command-'));
    const fd = openSync(join(folder, 'output'), 'w+');
    return {
      fd,
      tail: () => tailOf(fd),
      [Symbol.dispose]() {
        closeSync(fd);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch {
    return { fd: 'ignore', tail: () => '', [Symbol.dispose]() {} };
  }
}

function tailOf(fd: number): string {
  const { size } = fstatSync(fd);
  const tail = Buffer.alloc(Math.min(size, tailBytes));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  return tail.toString();
}

/** Ends a process group when its time is over or the signal says so: SIGTERM, then SIGKILL. */
function endsGroup(
  pid: number | undefined,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined },
) {
  let why: string | undefined;
  let killer: NodeJS.Timeout | undefined;
  const end = (reason: string) => {
    why ??= reason;
    signalGroup(pid, 'SIGTERM');
    killer ??= setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  };
  const timer = setTimeout(() => end(`did not end within ${timeoutMs / 1000} s, so it was ended`), timeoutMs);
  const onAbort = () => end('was ended together with the drill');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  return {
    /** Why the group was ended; undefined when it was not. */
    stop(): string | undefined {
      clearTimeout(timer);
      clearTimeout(killer);
      signal?.removeEventListener('abort', onAbort);
      // The leader may have left others behind: all of a group that was ended has to go.
      if (why !== undefined) signalGroup(pid, 'SIGKILL');
      return why;
    },
  };
}
