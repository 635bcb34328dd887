import { type Events, shareBounds } from './share.ts';

/** The slowest calls of a phase, slowest first; a failed one counts as infinitely slow. */
export interface SlowestCalls {
  walls: ArrayLike<number>;
  /** In which second each started. */
  seconds: ArrayLike<number>;
}

/**
 * Bounds of a percentile, by the very rule that judges it: the upper one is the shortest limit at which these calls would
 * keep the promise, the lower one the longest at which they would break it. So a bound never contradicts an outcome.
 * @param allowed the share of calls that may be beyond the percentile, e.g. 0.01.
 * @returns Infinity where failed calls alone decide; null where no such limit is among the calls given.
 */
export function percentileBounds(
  { walls, seconds }: SlowestCalls,
  all: Pick<Events, 'count' | 'seconds'>,
  allowed: number,
  error: number,
): { low: number | null; high: number | null } {
  const boundsWith = (slower: number) => shareBounds({ ...all, badBySecond: perSecond(seconds, slower) }, error);
  // How many calls may be beyond a limit for it to be kept, and how many have to be for it to be broken.
  const kept = lastWhere(walls.length, (slower) => boundsWith(slower).high < allowed);
  const broken = firstWhere(walls.length, (slower) => boundsWith(slower).low > allowed);
  return {
    // All calls slower than the limit are among the `kept` slowest ones: the next slowest is such a limit.
    high: kept === null || kept >= walls.length ? null : (walls[kept] as number),
    // At least the `broken` slowest are slower than any limit below the last of them.
    low: broken === null ? null : (walls[broken - 1] as number),
  };
}

function perSecond(seconds: ArrayLike<number>, slower: number): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < slower; at += 1)
    counts.set(seconds[at] as number, (counts.get(seconds[at] as number) ?? 0) + 1);
  return [...counts.values()];
}

/** The greatest of 0 to `most` for which something holds that stops holding somewhere; null when it does not hold for 0. */
function lastWhere(most: number, holds: (count: number) => boolean): number | null {
  if (!holds(0)) return null;
  let [yes, no] = [0, most + 1];
  while (no - yes > 1) {
    const middle = (yes + no) >>> 1;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** The smallest of 1 to `most` for which something holds that goes on holding; null when it never does. */
function firstWhere(most: number, holds: (count: number) => boolean): number | null {
  const last = lastWhere(most, (count) => !holds(count));
  return last === null || last >= most ? null : last + 1;
}
