/** A drill as a person starts it, by npm, with what it says; and single commands. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import { environmentOf, type Place } from '../../tests/leftovers.ts';
import type { End } from './lies.ts';

export interface Command {
  /** Of npm, which leads the group that the harness is in. */
  pid: number;
  /** All that it has said so far, on both streams. */
  said(): string;
  /** Whether it has said something; false once it has ended without. */
  until(text: RegExp): Promise<boolean>;
  /** Nobody reads it any more. */
  closeOutput(): void;
  ended: Promise<End>;
}

/** By npm, as a person does. npm itself asks nobody for a newer one, and keeps no log. */
export const startByNpm = (place: Place, args: string[]): Command =>
  start(place, 'npm', ['run', '--silent', 'drill', '--', ...args]);

export const startTenfold = (place: Place, args: string[]): Command =>
  start(place, process.execPath, [join(rootFolder, 'src', 'cli', 'main.ts'), ...args]);

const quietNpm = { npm_config_update_notifier: 'false', npm_config_logs_max: '0' };
const lookEveryMs = 20;

function start(place: Place, program: string, args: string[]): Command {
  const child = spawn(program, args, {
    cwd: rootFolder,
    // A group of its own, as in a terminal: what is sent to it does not reach the bench.
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

/** Asks until something is so, for a bounded time. @returns whether it came to be so. */
export async function comesTrue(isSo: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  for (const overMs = nowMs() + timeoutMs; ; ) {
    if (await isSo()) return true;
    if (nowMs() > overMs) return false;
    await sleepMs(250);
  }
}
