import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { programs } from '../paths.ts';

/** How a command of the region's command line ended. */
interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** The region's command line as a process of its own. */
export interface Platform {
  child: ChildProcess;
  /** The first line on stdout; empty when it ended without one. */
  firstLine: Promise<string>;
  ended: Promise<Ended>;
}

/** Runs the region's command line; stdin stays open until the process ends or `child.stdin.end()`. */
export function platform(...args: string[]): Platform {
  const child = spawn(process.execPath, [programs.main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  const { promise: firstLine, resolve } = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
    if (output.stdout.includes('\n')) resolve(output.stdout.split('\n')[0] ?? '');
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = once(child, 'close').then(([exitCode]) => {
    resolve('');
    return { exitCode: exitCode as number | null, ...output };
  });
  return { child, firstLine, ended };
}
