import { dirname, join } from 'node:path';
import { readIfThere } from '../runtime/files.ts';
import type { Answer, Check } from './check.ts';
import { ownLimits } from './limits.ts';

/** With their threads: of a drill on the pocket region 255 in 93 processes were seen, and autoscaling adds pods. */
const neededHere = 600;
/** tenfold, the sentinel and k6. */
const neededBesides = 100;

/** Containers are often given so few that a database cannot take its sessions in. */
export const processes: Check = {
  id: 'processes',
  title: 'Processes',
  run: async ({ standsUp }) => [
    judgeProcesses(Math.min(ownLimits().processes, await leftInCgroups()), standsUp ? neededHere : neededBesides),
  ],
};

export function judgeProcesses(left: number, needed: number): Answer {
  if (left >= needed)
    return { outcome: 'ok', message: `the limits allow the ${needed} processes and threads of a drill` };
  return {
    outcome: 'problem',
    message: `only ${left} processes and threads may be started, a drill needs up to ${needed}`,
    remedy: 'raise the limit: ulimit -u, TasksMax, --pids-limit, or the pod limit of the node',
  };
}

/** What the control groups of this process leave it, each of those above it included. */
async function leftInCgroups(): Promise<number> {
  const own = /^0::(\/.*)$/m.exec((await readIfThere('/proc/self/cgroup')) ?? '')?.[1];
  let left = Number.POSITIVE_INFINITY;
  for (let group = own; group !== undefined; group = group === '/' ? undefined : dirname(group)) {
    const numberIn = async (file: string) =>
      Number(await readIfThere(join('/sys/fs/cgroup', group as string, file)).catch(() => undefined));
    // `max`, or no such file: no limit here.
    const [most, used] = [await numberIn('pids.max'), await numberIn('pids.current')];
    if (Number.isFinite(most) && Number.isFinite(used)) left = Math.min(left, most - used);
  }
  return left;
}
