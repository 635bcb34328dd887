import { type ChildProcess, spawn } from 'node:child_process';

export interface LeashedCommand {
  /** Path of leash.sh, where its user can read it. */
  leash: string;
  command: string;
  args: readonly string[];
  /** The signal that ends it when we die or let go. */
  signal: 'QUIT' | 'TERM' | 'INT';
  graceSeconds: number;
  cwd: string;
  /** File descriptor of stdout and stderr. */
  output: number;
  uid?: number;
  gid?: number;
}

/** Starts a command that ends when this process ends in any way (see leash.sh), or when `stdin.end()` is called. */
export function spawnLeashed({
  leash,
  command,
  args,
  signal,
  graceSeconds,
  output,
  ...options
}: LeashedCommand): ChildProcess {
  const child = spawn('/bin/sh', [leash, signal, String(graceSeconds), command, ...args], {
    ...options,
    detached: true,
    stdio: ['pipe', output, output],
  });
  child.stdin?.on('error', () => {});
  return child;
}
