import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../runtime/child-environment.ts';
import { sleepMs, systemClockMs } from '../runtime/clock.ts';
import { hostMeter } from '../runtime/host.ts';
import { rootFolder, run } from '../runtime/processes.ts';
import { thresholds } from '../verdict/thresholds.ts';
import type { Answer, Check } from './check.ts';

const watchedMs = 500;
const remedy = 'let only one service set the clock (chrony, ntpd or the VM host), and let it slew';

/** Instants of two clocks are compared in every run, and certificates have dates. */
export const clock: Check = {
  id: 'clock',
  title: 'Clock',
  async run() {
    const look = hostMeter();
    await sleepMs(watchedMs);
    return [judgeSteps(look().clockOffsetMs), judgeTime(systemClockMs(), await newestKnownMs())];
  },
};

/** @param offsetMs the system's clock less the monotonic one, since this process began. */
export function judgeSteps(offsetMs: number): Answer {
  const step = `the clock was stepped by ${offsetMs.toFixed(0)} ms while it was watched`;
  if (Math.abs(offsetMs) > thresholds.maxClockStepMs)
    return { outcome: 'problem', message: `${step}: nothing that compares two clocks could be trusted`, remedy };
  return { outcome: 'ok', message: 'it runs as fast as the monotonic clock' };
}

export function judgeTime(nowMs: number, newest: { atMs: number; what: string }): Answer {
  const now = new Date(nowMs).toISOString().slice(0, 19);
  if (nowMs >= newest.atMs) return { outcome: 'ok', message: `${now}Z, which is after ${newest.what}` };
  return {
    outcome: 'problem',
    message: `it says ${now}Z, which is before ${newest.what} (${new Date(newest.atMs).toISOString().slice(0, 19)}Z)`,
    remedy: 'set the clock: certificates and run names depend on it',
  };
}

/** The latest instant that is known to have been. */
async function newestKnownMs(): Promise<{ atMs: number; what: string }> {
  const { ok, stdout } = await run('git', ['log', '-1', '--format=%ct'], {
    cwd: rootFolder,
    environment: childEnvironment(() => false),
  });
  if (ok && stdout.trim() !== '') return { atMs: Number(stdout) * 1_000, what: 'the last commit of this checkout' };
  return { atMs: (await stat(join(rootFolder, 'src'))).mtimeMs, what: 'tenfold was installed' };
}
