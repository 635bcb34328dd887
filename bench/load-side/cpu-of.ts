import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks of /proc/PID/stat, see proc(5). */
const msPerTick = 10;

/**
 * CPU milliseconds of some work, by process: this one (`harness`) and those that it started in the meantime, by their names.
 * Linux only: it reads /proc.
 * @param isLeftOut those that are not counted, by their command lines.
 * @param lookEveryMs what a process used since the last look is not seen; looking counts as the harness's own.
 */
export async function cpuOf(
  work: () => Promise<void>,
  isLeftOut: (command: string) => boolean,
  lookEveryMs = 100,
): Promise<Map<string, number>> {
  const own = process.cpuUsage();
  const seen = new Map<string, { name: string; ms: number }>();
  const look = async () => {
    for (const child of await children()) if (!isLeftOut(child.command)) seen.set(child.pid, child);
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  await work();
  clearInterval(timer);
  const { user, system } = process.cpuUsage(own);
  const byName = new Map<string, number>();
  for (const { name, ms } of seen.values()) byName.set(name, (byName.get(name) ?? 0) + ms);
  return byName.set('harness', (user + system) / 1000);
}

async function children(): Promise<{ pid: string; name: string; command: string; ms: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // After the name in brackets: state, parent, ..., utime and stime as the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) !== process.pid) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const name = command.includes('sentinel') ? 'sentinel' : 'k6';
      return [{ pid, name, command, ms: (Number(fields[11]) + Number(fields[12])) * msPerTick }];
    }),
  );
  return found.flat();
}
