import { robbedSeconds } from '../analysis/robbed-seconds.ts';
import type { Emit, Observation } from '../model/evidence.ts';
import { nowMs } from '../runtime/clock.ts';
import { CpuShareMeter } from '../runtime/cpu-shares.ts';
import { hostMeter } from '../runtime/host.ts';
import { mean } from '../statistics/rank-test.ts';

const looksPerSecond = 4;

/** How the host has fared, as far as known. */
export interface HostSoFar {
  /** Epoch seconds that were robbed. Whether an instrument was late in one shows only in the evidence. */
  robbed: () => ReadonlySet<number>;
  /** Mean share of the CPU time that was used between two instants; null where that is unknown. */
  busyRatio: (fromMs: number, toMs: number) => number | null;
}

export interface HostWatch extends HostSoFar, Disposable {}

/**
 * Reports at each turn of a second how the host fared in it, from the first whole second on, until it is disposed of.
 * @param platformPid see `Platform`
 */
export function watchHost(emit: Emit, platformPid: number | null): HostWatch {
  const looks: Extract<Observation, { kind: 'host' }>[] = [];
  const load = hostMeter();
  const shares = new CpuShareMeter(platformPid);
  let second = secondOf(nowMs());
  let isWhole = false;
  let timer: NodeJS.Timeout;
  const look = () => {
    timer = setTimeout(look, msToNextLook());
    const atMs = nowMs();
    if (secondOf(atMs) === second) return shares.look();
    const host = { kind: 'host' as const, atMs, ...load(), ...shares.take() };
    if (isWhole) {
      looks.push(host);
      emit(host);
    }
    isWhole = true;
    second = secondOf(atMs);
  };
  timer = setTimeout(look, msToNextLook());
  return {
    busyRatio(fromMs, toMs) {
      const within = looks.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
      const known = within.flatMap(({ busyRatio }) => (busyRatio === null ? [] : [busyRatio]));
      return known.length === 0 ? null : mean(known);
    },
    robbed: () => new Set(robbedSeconds(looks, [], []).map(({ atMs }) => atMs / 1_000)),
    [Symbol.dispose]() {
      clearTimeout(timer);
      shares[Symbol.dispose]();
    },
  };
}

const secondOf = (ms: number): number => Math.floor(ms / 1_000);

/** A timer may be a millisecond early, and a look belongs after the turn of its second. */
function msToNextLook(): number {
  const everyMs = 1_000 / looksPerSecond;
  return everyMs - (nowMs() % everyMs) + 1;
}
