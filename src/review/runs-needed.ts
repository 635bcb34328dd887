/** One-sided error of what is said of a percentile. */
const error = 0.05;

/**
 * Runs after which the longest recovery bounds a percentile of all recoveries at 95 % confidence: were it longer, each run would
 * have stayed below with probability p, and all of n with p^n (Wilks 1941: one-sided tolerance limit without a distribution).
 * 29 runs for the 90th percentile, 59 for the 95th.
 * @param percentile in percent, between 0 and 100
 */
export const runsNeeded = (percentile: number): number => Math.ceil(Math.log(error) / Math.log(percentile / 100));

/**
 * The percentile that the longest of so many recoveries bounds at 95 % confidence, in whole percent; null where that is less
 * than half of them.
 */
export function boundedPercentile(runs: number): number | null {
  const percentile = runs === 0 ? 0 : Math.floor(100 * error ** (1 / runs) + 1e-9);
  return percentile < 50 ? null : percentile;
}
