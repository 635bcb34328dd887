import { hostname } from 'node:os';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { nowMs, sleepMs } from '../../runtime/clock.ts';
import { isAlive } from '../../runtime/processes.ts';
import { holderOf, isHeld, type LockHolder } from '../../safety/lock.ts';
import { knownPlatforms, lockPathOf, unknownPlatform } from '../../safety/state.ts';

/** An undo has up to ten minutes of its own. */
const patienceMs = 720_000;
const sayEveryMs = 5_000;

/**
 * Ends drills in order, from another terminal than theirs, and waits for their ends. Without a platform, all on this machine.
 * @throws TenfoldError (invalid) for a platform that is not known, or whose drill runs on another machine.
 */
export async function stopCommand(platform: string | undefined): Promise<ExitCode> {
  const known = await knownPlatforms();
  if (platform !== undefined && !known.includes(platform)) throw unknownPlatform(platform);
  const holders = await Promise.all(
    (platform === undefined ? known : [platform]).map((one) => holderOf(lockPathOf(one))),
  );
  const running = holders.filter((holder) => holder !== undefined).filter(isHeld);
  const elsewhere = running.filter(({ host }) => host !== hostname());
  for (const { runId, host } of elsewhere) process.stderr.write(`drill ${runId} runs on ${host}: stop it there\n`);
  const here = running.filter(({ host }) => host === hostname());
  if (here.length === 0) {
    process.stdout.write('No drill is running on this machine.\n');
    return exitCodes.pass;
  }
  const ended = await Promise.all(distinct(here).map(stopOne));
  return ended.includes(false) ? exitCodes.dirty : exitCodes.pass;
}

/** One process may hold several locks. */
const distinct = (holders: LockHolder[]): LockHolder[] => [...new Map(holders.map((one) => [one.pid, one])).values()];

async function stopOne({ pid, runId }: LockHolder): Promise<boolean> {
  process.kill(pid, 'SIGTERM');
  const startMs = nowMs();
  for (let saidMs = startMs; nowMs() - startMs < patienceMs; ) {
    if (!isAlive(pid)) {
      process.stdout.write(`Drill ${runId} has ended and undone its changes (${seconds(startMs)} s).\n`);
      return true;
    }
    if (nowMs() - saidMs >= sayEveryMs) {
      saidMs = nowMs();
      process.stderr.write(
        `drill ${runId} (process ${pid}) is undoing and tearing down, ${seconds(startMs)} s so far\n`,
      );
    }
    await sleepMs(100);
  }
  process.stderr.write(
    `drill ${runId} (process ${pid}) is still running after ${patienceMs / 1_000} s\n  what to do: kill -9 ${pid}, then npm run tenfold -- cleanup\n`,
  );
  return false;
}

const seconds = (sinceMs: number): string => ((nowMs() - sinceMs) / 1_000).toFixed(1);
