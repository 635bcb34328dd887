import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder, signalGroup } from './processes.ts';

export interface CommandEnd {
  ok: boolean;
  /** The tail of its output, both streams together. */
  said: string;
  /** How it ended, in words: empty when it succeeded. */
  message: string;
}

const leash = join(rootFolder, 'bin', 'leash.sh');
const graceMs = 2_000;
/** How much of a command's output is kept: it may print gigabytes. */
const tailBytes = 20_000;

/**
 * Runs a user's command to its end in its own process group, out of reach of the terminal's Ctrl-C. When its time is up, when the
 * signal aborts, or when this process dies, the whole group is ended: an inject that lived on would break again what has since
 * been mended. What a finished command leaves in the background lives on: it may be what was asked for. Never throws.
 */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: { cwd: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<CommandEnd> {
  using output = openOutput();
  const end = await new Promise<string>((resolve) => {
    const { fd } = output;
    const child = spawn('/bin/sh', [leash, 'KILL', '0', ...argv], {
      cwd: options.cwd,
      detached: true,
      stdio: ['pipe', fd, fd],
    });
    const ending = endsGroup(child.pid, options);
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      const stopped = ending.stop();
      if (stopped !== undefined) resolve(stopped);
      else if (code === 0) resolve('');
      else resolve(signal === null ? failure(code, output.tail()) : `was ended by ${signal}`);
    });
  });
  return { ok: end === '', said: output.tail().trim(), message: end };
}

/** How it failed, in words; with the shell's reason when there is no such program, or it is none. */
function failure(code: number | null, said: string): string {
  const why = said.split(`${leash}: `)[1]?.trim();
  return why !== undefined && (code === 126 || code === 127)
    ? `could not be started: ${why}`
    : `ended with exit code ${code}`;
}

/**
 * Where a command's output goes. A file, not a pipe: what stays in the background would keep a pipe open, and its reader
 * waiting. Without a file (the very fault that the command takes back may have filled the disk) the output is lost, but the
 * command runs.
 */
function openOutput(): Disposable & { fd: number | 'ignore'; tail: () => string } {
  try {
    const fd = openNameless();
    return { fd, tail: () => tailOf(fd), [Symbol.dispose]: () => closeSync(fd) };
  } catch {
    return { fd: 'ignore', tail: () => '', [Symbol.dispose]() {} };
  }
}

/** O_TMPFILE of open(2), for which Node has no constant: a file that never gets a name. */
const withoutName = 0o20000000 | constants.O_DIRECTORY | constants.O_RDWR;

/** A file that vanishes with its last reader: a process that is killed leaves nothing behind. */
function openNameless(): number {
  try {
    if (process.platform === 'linux') return openSync(tmpdir(), withoutName, 0o600);
  } catch {
    // Not supported by this file system: then it has a name for a moment.
  }
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-command-'));
  try {
    return openSync(join(folder, 'output'), 'w+');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tailOf(fd: number): string {
  const { size } = fstatSync(fd);
  const tail = Buffer.alloc(Math.min(size, tailBytes));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  return tail.toString();
}

/** Ends a process group when its time is up or the signal aborts: SIGTERM, then SIGKILL. */
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
