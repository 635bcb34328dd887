import quantile from '@stdlib/stats-base-dists-binomial-quantile';

/** The rank (from 1) of the percentile among n sorted values: the smallest value that this share of all lies at or below. */
export const rankOf = (n: number, perMille: number): number => Math.max(1, Math.ceil((n * perMille) / 1000));

/**
 * Ranks (from 1) among n sorted values that bound the true 99th percentile, each at one-sided 95 %, whatever the
 * distribution. null where n is too small: below 299 no value is an upper bound.
 */
export function p99BoundRanks(n: number): { low: number | null; high: number | null } {
  const low = quantile(0.05, n, 0.99);
  const high = quantile(0.95, n, 0.99) + 1;
  return { low: low < 1 ? null : low, high: high > n ? null : high };
}
