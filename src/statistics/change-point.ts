import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { midRanks } from './mid-ranks.ts';
import { choose } from './rank-test.ts';

export interface ChangePoint {
  /** Of the first value after the change. */
  index: number;
  /** How likely values in a random order have a split as clear as this one, wherever it is. */
  p: number;
}

/** Values on each side of a split, at the least. */
export const leastOnASide = 3;

/** Shuffles at most: the smallest p is 1 in this and one more. */
const mostShuffles = 4_999;
/** Shuffles that have a split as clear: so many show that the values may well be in a random order. */
const enoughAsClear = 20;

/**
 * The one place where a sequence changes its level most clearly: where the rank sums of both sides are the most standard
 * deviations from what a random order has (Pettitt, "A non-parametric approach to the change-point problem", 1979, with the
 * statistic of each split standardised). No distribution of the values is assumed; Infinity is worse than any.
 * p is that of a permutation test, which ends early where there is plainly no change (Besag & Clifford, "Sequential Monte Carlo
 * p-values", 1991), so it is exact in its level. The shuffles are always the same: the same values give the same p.
 * null: too few values, or all are equal.
 */
export function changePoint(values: readonly number[]): ChangePoint | null {
  const ranks = Float64Array.from(midRanks(values), (rank) => rank - (values.length + 1) / 2);
  const scales = scalesOf(ranks);
  if (scales === null) return null;
  const { index, clearness } = clearestSplit(ranks, scales);
  return { index, p: shuffledP(ranks, scales, clearness) };
}

/** One over the standard deviation of the rank sum before each split; null where no split can be told from another. */
function scalesOf(ranks: Float64Array): Float64Array | null {
  const n = ranks.length;
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / (n - 1);
  if (n < 2 * leastOnASide || variance === 0) return null;
  return Float64Array.from({ length: n }, (_, before) => 1 / Math.sqrt((variance * before * (n - before)) / n));
}

function clearestSplit(ranks: Float64Array, scales: Float64Array): { index: number; clearness: number } {
  let sum = 0;
  let best = { index: 0, clearness: -1 };
  for (let before = 1; before <= ranks.length - leastOnASide; before += 1) {
    sum += ranks[before - 1] as number;
    const clearness = Math.abs(sum) * (scales[before] as number);
    if (before >= leastOnASide && clearness > best.clearness + rounding) best = { index: before, clearness };
  }
  return best;
}

/** Sums of ranks in another order differ by no more. */
const rounding = 1e-9;

function shuffledP(ranks: Float64Array, scales: Float64Array, clearness: number): number {
  const random = xoroshiro128plus(ranks.length);
  const shuffled = ranks.slice();
  let asClear = 0;
  for (let shuffles = 1; shuffles <= mostShuffles; shuffles += 1) {
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = uniformInt(random, 0, last);
      const value = shuffled[last] as number;
      shuffled[last] = shuffled[other] as number;
      shuffled[other] = value;
    }
    if (clearestSplit(shuffled, scales).clearness >= clearness - rounding) asClear += 1;
    if (asClear === enoughAsClear) return asClear / shuffles;
  }
  return (asClear + 1) / (mostShuffles + 1);
}

/** How many values that all differ it takes, at the least, for a change halfway to have a p this small. */
export function leastToShowAChange(p: number): number {
  let n = 2 * leastOnASide;
  while (2 / choose(n, Math.floor(n / 2)) > p) n += 1;
  return n;
}
