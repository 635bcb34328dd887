/** One round: strikes a drill, mends what it left, and looks for what is left after that. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { makePlace, type Place } from '../../tests/leftovers.ts';
import { type Command, comesTrue, drillArguments, startByNpm } from './drill.ts';
import { type Family, watchFamily } from './family.ts';
import { type End, isKilled, liesOf } from './lies.ts';
import { leftOf, toldRuns } from './look.ts';
import { mend } from './mend.ts';
import type { Round } from './rounds.ts';
import { ontoSmallDisk } from './small-disk.ts';
import { harness, strike } from './strike.ts';
import type { Venue } from './venues.ts';

/** The outcome of a round: one line of JSON. */
export interface RoundLine {
  round: Round;
  /** missed: the drill had ended before its moment came. skipped: this machine does not allow it. */
  result: 'clean' | 'left' | 'missed' | 'skipped';
  /** What was left and what was not true, in words. */
  left: string[];
  /** How far the drill had got when it was struck. */
  reached: string;
  /** How npm ended. */
  end: End | null;
  /** From its start: when it was struck, when it had ended, and when all was mended and looked at. */
  struckMs: number;
  endedMs: number;
  wallMs: number;
}

export interface RoundOptions {
  venue: Venue;
  /** Where a round that left something is kept. */
  keepIn: string;
  signal: AbortSignal;
}

/** What a round acts on. */
export interface Scene {
  round: Round;
  place: Place;
  family: Family;
  venue: Venue;
}

/** A round that comes too late, as at a drill's end or where no peak was proven, is rerun once and strikes sooner. */
export async function runUntilStruck(round: Round, options: RoundOptions): Promise<RoundLine> {
  const line = await runRound(round, options);
  if (line.result !== 'missed') return line;
  return { ...(await runRound({ ...round, afterMs: Math.floor(round.afterMs / 3) }, options)), round };
}

async function runRound(round: Round, { venue, keepIn, signal }: RoundOptions): Promise<RoundLine> {
  const startMs = nowMs();
  const sinceStart = () => Math.round(nowMs() - startMs);
  const lineOf = (result: RoundLine['result'], some: Partial<RoundLine> = {}): RoundLine => ({
    ...{ round, result, left: [], reached: '', end: null, struckMs: 0, endedMs: 0, ...some },
    wallMs: sinceStart(),
  });
  await using place = await makePlace();
  await using disk = round.way === 'disk-full' ? await ontoSmallDisk(place) : undefined;
  if (round.way === 'disk-full' && disk === undefined) return lineOf('skipped');
  using family = watchFamily(place.mark);
  await using _sweep = sweeping(family, venue);
  const scene = { round, place, family, venue };
  const drill = startByNpm(place, drillArguments(round.drill, venue, place.reports));
  const struck = await strike(round, { drill, family, venue, disk }, signal);
  if (struck === null) return lineOf('missed');
  const struckMs = sinceStart();
  const end = await endOf(drill, family, signal).finally(struck.giveBack);
  const endedMs = sinceStart();
  const lies = end ? liesOf(round, struck.reached, end, await toldRuns(place.reports)) : [];
  const left = [...lies, ...(await afterwards(scene, end))];
  const told = { left, reached: struck.reached, end, struckMs, endedMs };
  const line = lineOf(left.length === 0 ? 'clean' : 'left', told);
  if (left.length > 0) await keep(keepIn, line, drill, place);
  return line;
}

/** A drill has at most two and a half minutes, and as long again for whatever it waits for. */
const drillMs = 300_000;

/** How npm ended, once the drill has ended too, which may outlive npm; null for a drill that does not end. */
async function endOf(drill: Command, family: Family, signal: AbortSignal): Promise<End | null> {
  let end: End | null = null;
  void drill.ended.then((how) => {
    end = how;
  });
  const hasEnded = await comesTrue(() => {
    signal.throwIfAborted();
    return end !== null && family.find(harness) === undefined;
  }, drillMs);
  return hasEnded ? end : null;
}

/** A drill that ended in order must leave nothing. What any other one left is mended first. */
async function afterwards(scene: Scene, end: End | null): Promise<string[]> {
  const { round, place, family, venue } = scene;
  const problems: string[] = [];
  if (end === null) {
    problems.push(`the drill had not ended ${drillMs / 1_000} s after it was struck`);
    family.kill();
  }
  const isDirty = end?.code === exitCodes.dirty;
  if (isDirty && !mayBeDirty(round)) problems.push('exit code 5: the drill could not undo all');
  // An undo needs no disk space.
  if (round.way === 'disk-full') problems.push(...(await venue.changed()));
  const isInOrder = end !== null && !isDirty && !isKilled(round) && round.way !== 'disk-full';
  if (!isInOrder) problems.push(...(await mend(scene)));
  return [...problems, ...(await leftOf(place, family, venue))];
}

/** A drill without a platform to talk to, or a disk to write to, may have to leave something to the next command. */
const mayBeDirty = ({ way, victim }: Round): boolean =>
  victim === 'region' || way === 'api-lost' || way === 'disk-full';

/** However a round ends, nothing of it disturbs the next one. */
const sweeping = (family: Family, venue: Venue): AsyncDisposable => ({
  async [Symbol.asyncDispose]() {
    family.kill();
    await venue.mend();
  },
});

/** All that is known of a round that left something. */
async function keep(folder: string, line: RoundLine, drill: Command, place: Place): Promise<void> {
  const own = join(folder, String(line.round.number));
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'round.json'), `${JSON.stringify(line, null, 2)}\n`);
  await writeFile(join(own, 'said.txt'), drill.said());
  await cp(place.reports, join(own, 'reports'), {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  }).catch(() => {});
}
