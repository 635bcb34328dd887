import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Linux counts in hundredths of a second on every architecture that Node runs on. */
const msPerTick = 10;

/** CPU time used by processes so far, by pid, without those that are gone. Linux has /proc, macOS `ps`. */
export async function cpuTimesMs(pids: number[]): Promise<Map<number, number>> {
  if (pids.length === 0) return new Map();
  if (process.platform !== 'linux') return fromPs(pids);
  const times = await Promise.all(
    pids.map(async (pid) => [pid, parseStat(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))] as const),
  );
  return new Map(times.flatMap(([pid, ms]) => (ms === null ? [] : [[pid, ms] as const])));
}

async function fromPs(pids: number[]): Promise<Map<number, number>> {
  // ps fails when one of the pids is gone, but still reports the others.
  const { stdout } = await run('ps', ['-o', 'pid=,time=', '-p', pids.join(',')]).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  return parsePs(stdout);
}

/** User and system time in a line of /proc/<pid>/stat; null when it is not such a line. */
export function parseStat(stat: string): number | null {
  // "pid (name) state parent ...": a name may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * msPerTick : null;
}

/** Lines of "pid time", the time as [[days-]hours:]minutes:seconds[.hundredths]. */
export function parsePs(text: string): Map<number, number> {
  const lines = text.split('\n').flatMap((line) => {
    const [, pid, days, clock] = /^\s*(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line) ?? [];
    if (!pid || !clock) return [];
    const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return [[Number(pid), Math.round((Number(days ?? 0) * 86_400 + seconds) * 1_000)] as const];
  });
  return new Map(lines);
}
