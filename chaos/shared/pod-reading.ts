/** What the kernel says in files of a pod, read. */

export const processFiles = ['/proc/[0-9]*/stat'];
const ticksPerSecond = 100;

/** The CPU time that processes with such names have used, in seconds. @param files of `processFiles` */
export function secondsOf(files: Record<string, string>, isOne: (name: string) => boolean): number {
  const ticks = Object.values(files).map((stat) => {
    // The name is in brackets, and may hold any.
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)/s.exec(stat) ?? [];
    const fields = rest.split(' ');
    return isOne(name) ? Number(fields[11]) + Number(fields[12]) : 0;
  });
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

const cgroup = '/sys/fs/cgroup';
const versions = [
  {
    use: `${cgroup}/memory.current`,
    limit: `${cgroup}/memory.max`,
    stat: `${cgroup}/memory.stat`,
    cache: 'inactive_file',
  },
  {
    use: `${cgroup}/memory/memory.usage_in_bytes`,
    limit: `${cgroup}/memory/memory.limit_in_bytes`,
    stat: `${cgroup}/memory/memory.stat`,
    cache: 'total_inactive_file',
  },
];
export const memoryFiles = versions.flatMap(({ use, limit, stat }) => [use, limit, stat]);
/** What version 1 of cgroups says where there is no limit is more than any machine has. */
const mostBytes = 2 ** 50;

/** What is in use, without what the kernel can drop, and of how much; null where nothing limits it, or that is not known. */
export function memoryOf(files: Record<string, string>): { usedBytes: number; limitBytes: number } | null {
  const found = versions.find(({ use }) => files[use] !== undefined);
  if (!found) return null;
  const limitBytes = Number(files[found.limit]);
  if (!(limitBytes > 0 && limitBytes < mostBytes)) return null;
  const cached = new RegExp(`^${found.cache} (\\d+)`, 'm').exec(files[found.stat] ?? '')?.[1];
  return { usedBytes: Number(files[found.use]) - Number(cached ?? 0), limitBytes };
}

const snmp = '/proc/net/snmp';
const devices = '/proc/net/dev';
export const networkFiles = [snmp, devices];

/** What the pod's network has counted since the pod was made. */
export interface NetworkCounts {
  segmentsSent: number;
  segmentsSentAgain: number;
  bytesSent: number;
}

export function networkCountsOf(files: Record<string, string>): NetworkCounts {
  const [names = [], values = []] = (files[snmp] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(/\s+/));
  const countOf = (name: string) => Number(values[names.indexOf(name)] ?? Number.NaN);
  const sent = [...(files[devices] ?? '').matchAll(/^\s*(\S+?):\s*(.*)/gm)]
    .filter(([, name]) => name !== 'lo')
    .map(([, , counts = '']) => Number(counts.split(/\s+/)[8]));
  return {
    segmentsSent: countOf('OutSegs'),
    segmentsSentAgain: countOf('RetransSegs'),
    bytesSent: sent.reduce((sum, one) => sum + one, 0),
  };
}
