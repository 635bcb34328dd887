/** One blow to a drill, at its moment. */

import { sleepMs } from '../../src/runtime/clock.ts';
import { signalGroup } from '../../src/runtime/processes.ts';
import { type Command, comesTrue } from './drill.ts';
import type { Family } from './family.ts';
import { lineOf, type StageName } from './life.ts';
import type { Round, Victim } from './rounds.ts';
import type { SmallDisk } from './small-disk.ts';
import type { Venue } from './venues.ts';

export interface Target {
  drill: Command;
  family: Family;
  venue: Venue;
  /** Undefined where the disk cannot be filled. */
  disk: SmallDisk | undefined;
}

/** That a drill was struck: how far it had got, and how to give back what was taken. */
export interface Struck {
  reached: StageName;
  giveBack: () => Promise<void>;
}

/** The harness, as npm starts it. */
export const harness = /^\S*node \S.*src\/cli\/main\.ts run /;
const commandOf: Record<Exclude<Victim, 'npm'>, RegExp> = {
  harness,
  // Not the shell that execs it.
  k6: /^\S*k6\S* run /,
  sentinel: /src\/probe\/sentinel\.ts /,
  region: /region\/main\.ts up /,
};
/** How long to wait for a process to appear. */
const comingMs = 5_000;

/** Waits for the round's moment, and strikes. Null when the drill had ended by then, or the victim was not there. */
export async function strike(round: Round, target: Target, signal: AbortSignal): Promise<Struck | null> {
  if (!(await hasCome(round, target))) return null;
  const over = new AbortController();
  void target.drill.ended.then(() => over.abort());
  const moment = AbortSignal.any([signal, over.signal]);
  await sleepMs(round.afterMs, moment).catch(() => {});
  signal.throwIfAborted();
  if (over.signal.aborted) return null;
  const giveBack = await blow(round, target);
  return giveBack && { reached: reachedBy(target.drill), giveBack };
}

async function hasCome({ stage }: Round, { drill, family }: Target): Promise<boolean> {
  const line = lineOf[stage];
  if (line !== null) return await drill.until(line);
  return await comesTrue(() => family.find(harness) !== undefined, comingMs);
}

const reachedBy = (drill: Command): StageName =>
  (Object.keys(lineOf) as StageName[]).findLast((name) => lineOf[name]?.test(drill.said())) ?? 'begin';

/** Strikes. Returns how to give back what it takes; null when the victim was not there. */
async function blow(round: Round, { drill, family, venue, disk }: Target): Promise<(() => Promise<void>) | null> {
  const nothing = async () => {};
  switch (round.way) {
    case 'disk-full':
      return (await disk?.fill()) ?? null;
    case 'api-lost':
      return await venue.loseApi(family);
    case 'output-closed':
      drill.closeOutput();
      return nothing;
    default: {
      const pid = await pidOf(round, drill, family);
      if (pid === undefined) return null;
      // The harness is in npm's group; the others lead their own.
      if (round.reach === 'group') signalGroup(round.victim === 'harness' ? drill.pid : pid, round.way);
      else process.kill(pid, round.way);
      return nothing;
    }
  }
}

async function pidOf({ victim }: Round, drill: Command, family: Family): Promise<number | undefined> {
  if (victim === null || victim === 'npm') return drill.pid;
  let pid: number | undefined;
  await comesTrue(() => {
    pid = family.find(commandOf[victim]);
    return pid !== undefined;
  }, comingMs);
  return pid;
}
