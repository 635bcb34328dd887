import { robber } from '../analysis/robbed-seconds.ts';
import { sleepMs } from '../runtime/clock.ts';
import { type HostLoad, hostMeter } from '../runtime/host.ts';
import type { Answer, Check } from './check.ts';

const watchedMs = 2_000;

/** Who else uses the CPU, while nothing of ours does. */
export const neighbours: Check = {
  id: 'neighbours',
  title: 'Other programs',
  async run() {
    const look = hostMeter();
    await sleepMs(watchedMs);
    return [judgeNeighbours(look())];
  },
};

export function judgeNeighbours({ busyRatio, stealRatio }: Pick<HostLoad, 'busyRatio' | 'stealRatio'>): Answer {
  if (busyRatio === null)
    return { outcome: 'unknown', message: 'this system does not report how busy its processors are' };
  const by = robber({ atMs: 0, stealRatio, neighbourRatio: busyRatio });
  const who = by === 'stolen' ? 'the hypervisor takes' : 'other programs take';
  const share = Math.round(100 * (by === 'stolen' ? (stealRatio ?? 0) : busyRatio));
  const message = `${who} ${share} % of the CPU time now`;
  if (by === null) return { outcome: 'ok', message };
  return {
    outcome: 'warning',
    message,
    remedy:
      by === 'stolen'
        ? 'use a machine with dedicated processors: seconds that others take do not count for latency'
        : 'stop them or wait: seconds that others take do not count for latency, and too many leave it inconclusive',
  };
}
