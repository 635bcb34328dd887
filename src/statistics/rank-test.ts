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
function waysToSum(numbers: readonly number[], count: number): number[] {
  const most = sum(numbers);
  const ways = Array.from({ length: count + 1 }, () => new Array<number>(most + 1).fill(0));
  (ways[0] as number[])[0] = 1;
  for (const number of numbers)
    for (let size = count; size > 0; size -= 1) {
      const [from, to] = [ways[size - 1] as number[], ways[size] as number[]];
      for (let total = most; total >= number; total -= 1)
        to[total] = (to[total] as number) + (from[total - number] as number);
    }
  return ways[count] as number[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

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
