import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { nowMs, systemClockMs } from './clock.ts';

/** How busy this machine was between two looks; null where the operating system does not report it. Shares of 1. */
export interface HostLoad {
  cpuCount: number;
  busyRatio: number | null;
  stealRatio: number | null;
  /** Share of time in which some task waited for a CPU: Linux pressure stall information, "some". */
  cpuPressureRatio: number | null;
  /** How far the system's clock has been stepped, forwards or back, since this process started. */
  clockOffsetMs: number;
}

interface Counters {
  atUs: number;
  busy: number;
  total: number;
  steal: number | null;
  stalledUs: number | null;
}

/** Returns the load since the last call, or since it was made. */
export function hostMeter(): () => HostLoad {
  let last = read();
  return () => {
    const now = read();
    const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null);
    const load = {
      cpuCount: cpus().length,
      busyRatio: ratio(now.busy - last.busy, now.total - last.total),
      stealRatio:
        now.steal === null || last.steal === null ? null : ratio(now.steal - last.steal, now.total - last.total),
      cpuPressureRatio:
        now.stalledUs === null || last.stalledUs === null
          ? null
          : ratio(now.stalledUs - last.stalledUs, now.atUs - last.atUs),
      clockOffsetMs: clockOffsetMs(),
    };
    last = now;
    return load;
  };
}

/**
 * The system's clock minus the monotonic one. A process that has to wait for a CPU between the two readings sees a step
 * where there is none, so the smallest of several differences counts: a step is in all of them.
 */
function clockOffsetMs(): number {
  const offsets = Array.from({ length: 5 }, () => systemClockMs() - nowMs());
  return offsets.reduce((least, offset) => (Math.abs(offset) < Math.abs(least) ? offset : least));
}

function read(): Counters {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (pick: (t: (typeof times)[number]) => number) => times.reduce((all, t) => all + pick(t), 0);
  const busy = sum((t) => t.user + t.nice + t.sys + t.irq);
  const steal = stealMs();
  return {
    atUs: performance.now() * 1000,
    busy,
    total: busy + sum((t) => t.idle) + (steal ?? 0),
    steal,
    stalledUs: stalledUs(),
  };
}

/** Milliseconds stolen by the hypervisor, over all CPUs (clock ticks are 1/100 s, see proc(5)). */
function stealMs(): number | null {
  const fields = textOf('/proc/stat')?.split('\n')[0]?.trim().split(/\s+/);
  return fields?.[8] === undefined ? null : Number(fields[8]) * 10;
}

function stalledUs(): number | null {
  const total = /some .*total=(\d+)/.exec(textOf('/proc/pressure/cpu') ?? '')?.[1];
  return total === undefined ? null : Number(total);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Not Linux, or a kernel without it: the caller returns null.
  }
}
