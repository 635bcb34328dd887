/** What takes back the leftovers of a drill that died. */
import { join } from 'node:path';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { comesTrue, drillArguments, startTenfold } from './drill.ts';
import { liesOf } from './lies.ts';
import { lineOf } from './life.ts';
import { toldRuns } from './look.ts';
import type { Scene } from './round.ts';
import { expiresAfterMs } from './shop.ts';

/** Mends, and returns what was wrong with that, in words. */
export async function mend(scene: Scene): Promise<string[]> {
  switch (scene.round.mend) {
    case 'cleanup':
      return await byCleanup(scene);
    case 'next-drill':
      return await byNextDrill(scene);
    case 'expiry':
      return await byExpiry(scene);
  }
}

async function byCleanup({ place }: Scene): Promise<string[]> {
  const cleanup = startTenfold(place, ['cleanup']);
  const { code } = await cleanup.ended;
  return code === exitCodes.pass ? [] : [`cleanup ended with exit code ${code}: ${lastLines(cleanup.said())}`];
}

/** The next drill has mended everything by the time it stands up its platform. Nothing more is asked of it. */
async function byNextDrill({ round, place, venue }: Scene): Promise<string[]> {
  const reports = join(place.mark, 'next');
  const next = startTenfold(place, ['run', ...drillArguments(round.drill, venue, reports)]);
  const hasBegun = await next.until(lineOf['stand up'] as RegExp);
  const changed = hasBegun && round.where === 'attached' ? await venue.changed() : [];
  if (hasBegun) process.kill(next.pid, 'SIGINT');
  const end = await next.ended;
  const blow = { way: 'SIGINT', victim: 'harness', reach: 'alone' } as const;
  return [
    ...changed.map((what) => `as the next drill began, ${what}`),
    ...(hasBegun ? [] : [`the next drill did not begin, exit code ${end.code}: ${lastLines(next.said())}`]),
    ...liesOf(blow, 'stand up', end, await toldRuns(reports)).map((lie) => `of the next drill: ${lie}`),
  ];
}

/** The expiry is checked once a second, and done by a command of its own. */
const expiryPatienceMs = 15_000;

/** Nobody does anything, except about leftovers of a drill that was killed after it had undone its fault. */
async function byExpiry(scene: Scene): Promise<string[]> {
  const isOver = async () => (await scene.venue.changed()).length === 0;
  if (await isOver()) return await byCleanup(scene);
  const patienceMs = expiresAfterMs + expiryPatienceMs;
  return (await comesTrue(isOver, patienceMs)) ? [] : [`the fault did not expire within ${patienceMs / 1_000} s`];
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' | ');
