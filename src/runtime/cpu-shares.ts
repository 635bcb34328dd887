import { readFileSync } from 'node:fs';
import { CpuAccounts } from './cpu-accounts.ts';
import { msPerTick } from './process-times.ts';

/** Who used the CPU, as shares of all the CPU time there was. null where unknown. */
export interface CpuShares {
  /** This process and what it started: k6, the sentinel. */
  instrumentRatio: number | null;
  /** The platform under test. */
  platformRatio: number | null;
  /** Everybody else. What the kernel did for nobody in particular (interrupts) is left out. */
  neighbourRatio: number | null;
}

interface Machine {
  atMs: number;
  cpuCount: number;
  /** CPU time that no process used. */
  notUsedMs: number;
}

/** A hundredth of the second that is reported. */
const sameTimeMs = 10;
const unknown: CpuShares = { instrumentRatio: null, platformRatio: null, neighbourRatio: null };

/** Measures who uses this machine's CPU. A look costs about a millisecond of CPU time for a pocket region. */
export class CpuShareMeter implements Disposable {
  readonly #accounts: CpuAccounts<'instruments' | 'platform'> | null;
  #last = machine();
  readonly #usedMs = { instruments: 0, platform: 0 };

  /** @param platformPid the platform's root process; null where none of it runs here, or where it runs is unknown */
  constructor(platformPid: number | null) {
    this.#accounts =
      platformPid === null
        ? null
        : new CpuAccounts([
            [process.pid, 'instruments'],
            [platformPid, 'platform'],
          ]);
  }

  /** Call it more often than `take`: what a killed process used since the last look counts for nobody. */
  look(): void {
    for (const [account, ms] of this.#accounts?.look() ?? []) this.#usedMs[account] += ms;
  }

  /** The shares since the last call, or since it was made. */
  take(): CpuShares {
    const now = this.#lookAtOnce();
    const last = this.#last;
    this.#last = now;
    if (last === null || now === null || !this.#accounts?.isComplete) return unknown;
    const allMs = (now.atMs - last.atMs) * now.cpuCount;
    const usedMs = allMs - (now.notUsedMs - last.notUsedMs);
    const instrumentsMs = this.#take('instruments', usedMs);
    const platformMs = this.#take('platform', usedMs - instrumentsMs);
    return {
      instrumentRatio: instrumentsMs / allMs,
      platformRatio: platformMs / allMs,
      neighbourRatio: Math.max(0, usedMs - instrumentsMs - platformMs) / allMs,
    };
  }

  /** What an account used, as far as it can be true; later looks correct the rest. */
  #take(account: 'instruments' | 'platform', mostMs: number): number {
    const ms = Math.max(0, Math.min(this.#usedMs[account], mostMs));
    this.#usedMs[account] -= ms;
    return ms;
  }

  /**
   * The machine as it was when its processes were looked at. If this process had to wait for a CPU between the two, they do
   * not describe the same time, so it looks again.
   */
  #lookAtOnce(): Machine | null {
    for (let triesLeft = 5; ; triesLeft -= 1) {
      const before = machine();
      this.look();
      const now = machine();
      if (now === null || before === null || now.atMs - before.atMs < sameTimeMs || triesLeft === 1) return now;
    }
  }

  [Symbol.dispose](): void {
    this.#accounts?.[Symbol.dispose]();
  }
}

/**
 * Idle time is measured, while user and system time are sampled four milliseconds apart (proc(5),
 * CONFIG_TICK_CPU_ACCOUNTING): the used time is the rest.
 */
function machine(): Machine | null {
  const atMs = performance.now();
  const lines = statLines();
  const [, , , , idle, ioWait, interrupts, softInterrupts, stolen] = lines[0]?.trim().split(/\s+/).map(Number) ?? [];
  const ticks = [idle, ioWait, interrupts, softInterrupts, stolen].reduce((sum, one) => (sum ?? 0) + (one ?? 0), 0);
  if (idle === undefined || ticks === undefined) return null;
  return { atMs, cpuCount: lines.filter((line) => /^cpu\d/.test(line)).length, notUsedMs: ticks * msPerTick };
}

function statLines(): string[] {
  try {
    return readFileSync('/proc/stat', 'utf8').split('\n');
  } catch {
    return []; // Not Linux.
  }
}
