/** A drill as a user starts it, by npm, with its output; and single commands. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import { environmentOf, type Place } from '../../tests/leftovers.ts';
import type { End } from './lies.ts';

export interface Command {
  /** Of npm, which leads the harness's process group. */
  pid: number;
  /** All its output so far, of both streams. */
  said(): string;
  /** Resolves to true once its output matches; false when it ends without a match. */
  until(text: RegExp): Promise<boolean>;
  /** Stops reading its output. */
  closeOutput(): void;
  ended: Promise<End>;
}

/** By npm, as a user does. npm itself does not check for a newer version, and keeps no log. */
export const startByNpm = (place: Place, args: string[]): Command =>
  start(place, 'npm', ['run', '--silent', 'drill', '--', ...args]);

export const startTenfold = (place: Place, args: string[]): Command =>
  start(place, process.execPath, [join(rootFolder, 'src', 'cli', 'main.ts'), ...args]);

const quietNpm = { npm_config_update_notifier: 'false', npm_config_logs_max: '0' };
const lookEveryMs = 20;

function start(place: Place, program: string, args: string[]): Command {
  const child = spawn(program, args, {
    cwd: rootFolder,
    // A group of its own, as in a terminal: signals to it do not reach the bench.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environmentOf(place), ...quietNpm },
  });
  let all = '';
  const streams = [child.stdout, child.stderr];
  for (const stream of streams)
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => {
        all += text;
      })
      .on('error', () => {});
  let hasEnded = false;
  const ended = once(child, 'exit').then(([code, signal]): End => {
    hasEnded = true;
    return { code: code as number | null, signal: signal as string | null };
  });
  return {
    pid: child.pid ?? 0,
    said: () => all,
    async until(text) {
      while (!text.test(all) && !hasEnded) await sleepMs(lookEveryMs);
      return text.test(all);
    },
    closeOutput: () => streams.map((stream) => stream.destroy()),
    ended,
  };
}

/** A drill's arguments: its name, and where it runs and writes. */
export const drillArguments = (drill: string, { args }: { args: string[] }, reports: string): string[] => [
  drill,
  ...['--profile', 'brief', '--reports', reports],
  ...args,
];

/** Polls until something is so, for a bounded time. @returns whether it came to be so. */
export async function comesTrue(isSo: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  for (const overMs = nowMs() + timeoutMs; ; ) {
    if (await isSo()) return true;
    if (nowMs() > overMs) return false;
    await sleepMs(250);
  }
}
