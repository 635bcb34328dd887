import { midRanks } from './mid-ranks.ts';

/**
 * Mann and Whitney's test, two-sided and exact, ties included: the share of all ways to deal the values into two samples of
 * these sizes that part the ranks as far as these samples do, or further. All those ways are counted by sums of ranks, doubled so that
 * those of ties are whole (Streitberg & Röhmel, "Exact distributions for permutation and rank tests", 1986).
 * Values may be Infinity: worse than any.
 */
export function rankTest(a: readonly number[], b: readonly number[]): number {
  const ranks = midRanks([...a, ...b]).map((rank) => 2 * rank);
  const ways = waysToSum(ranks, a.length);
  const expected = a.length * (ranks.length + 1);
  const distance = Math.abs(sum(ranks.slice(0, a.length)) - expected);
  const asFar = ways.filter((_, total) => Math.abs(total - expected) >= distance);
  return Math.min(1, sum(asFar) / sum(ways));
}

/** In how many ways so many of the numbers add up to each total. */
function waysToSum(numbers: readonly number[], count: number): Float64Array {
  const most = sum(numbers);
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  let highest = 0;
  for (const number of numbers) {
    highest += number;
    for (let size = count; size > 0; size -= 1) {
      const [from, to] = [ways[size - 1] as Float64Array, ways[size] as Float64Array];
      for (let total = highest; total >= number; total -= 1)
        to[total] = (to[total] as number) + (from[total - number] as number);
    }
  }
  return ways[count] as Float64Array;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** The least p that values can give that all differ: that of two samples that do not overlap. */
export const leastRankTestP = (a: number, b: number): number => Math.min(1, 2 / choose(a + b, a));

/** In how many ways k of n can be chosen. */
export function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i += 1) ways = (ways * (n - i + 1)) / i;
  return ways;
}

/** NaN of no values. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) return Number.NaN;
  return low === high ? low : (low + high) / 2;
}

export const mean = (values: readonly number[]): number => sum(values) / values.length;
