import { type SpawnOptions, spawn } from 'node:child_process';
import { type Options, $ as zx } from 'zx/core';
import { shellWord } from './shell-word.ts';

/** A broken pipe fails its program, whose output may be truncated. zx does not listen, and this process would end. */
const spawnHeard = ((program: string, args: string[], options: SpawnOptions) => {
  const child = spawn(program, args, options);
  for (const pipe of [child.stdin, child.stdout, child.stderr])
    pipe?.on('error', (error) => child.emit('error', error));
  return child;
}) as typeof spawn;

/** Nothing that is set in the environment (`ZX_SHELL`, `ZX_TIMEOUT` and others) has an effect. */
const options: Partial<Options> = {
  shell: '/bin/sh',
  // The shell becomes the program: the process ID is the program's, and signals reach it.
  prefix: 'exec ',
  postfix: '',
  // zx's own quoting is bash's, which not every /bin/sh knows.
  quote: shellWord,
  nothrow: true,
  quiet: true,
  verbose: false,
  preferLocal: false,
  detached: false,
  stdio: ['ignore', 'pipe', 'pipe'],
  spawn: spawnHeard,
};
Object.assign(zx, {
  timeout: undefined,
  timeoutSignal: 'SIGTERM',
  killSignal: 'SIGTERM',
  // zx asks `ps` for the whole tree; a signal is for the program only, as with kill(2).
  kill: async (pid: number, signal: NodeJS.Signals) => {
    process.kill(pid, signal);
  },
});

/**
 * zx's `$`: runs one program to its end and keeps its output. It never throws for how the program ended; `stdin` is empty.
 * @example const { ok, stdout } = await shell`git ${['log', '-1']}`;
 */
export const shell = zx(options);
