import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runUntilStruck } from '../bench/crash/round.ts';
import { drawRounds, type Round, wordsOf } from '../bench/crash/rounds.ts';
import { openVenue, type Venue } from '../bench/crash/venues.ts';

/** A small version of the bench `crash`: some of its rounds, on the attached shop. */
const drawn = drawRounds({ rounds: 100, others: 40, seed: 1 }).filter(({ where }) => where === 'attached');
const likeThese: Partial<Round>[] = [
  { way: 'SIGKILL', victim: 'harness', stage: 'begin', mend: 'next-drill' },
  { way: 'SIGKILL', victim: 'harness', stage: 'injecting', mend: 'cleanup' },
  { way: 'SIGKILL', victim: 'sentinel', stage: 'steady state' },
  { way: 'SIGTERM', victim: 'npm', stage: 'steady state' },
  { way: 'SIGKILL', victim: 'harness', reach: 'group', stage: 'traffic', mend: 'next-drill' },
];
const rounds = likeThese.map((wanted) => {
  const isLikeIt = (round: Round) =>
    Object.entries(wanted).every(([key, value]) => round[key as keyof Round] === value);
  const round = drawn.find(isLikeIt);
  if (round === undefined) throw new Error(`no round is like ${JSON.stringify(wanted)}`);
  return [wordsOf(round), round] as const;
});

let folder: string;
let venue: Venue;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-e2e-'));
  venue = await openVenue('attached', folder);
});
afterAll(async () => {
  await venue[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

// Leftovers are looked for in /proc.
test.skipIf(process.platform !== 'linux').each(rounds)('%s leaves nothing, and no lie', async (_, round) => {
  const options = { venue, keepIn: join(folder, 'left'), signal: new AbortController().signal };
  expect(await runUntilStruck(round, options)).toMatchObject({ result: 'clean', left: [] });
});
