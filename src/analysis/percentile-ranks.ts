import quantile from '@stdlib/stats-base-dists-binomial-quantile';

/** The rank (from 1) of the percentile among n sorted values: the smallest value that this share of all lies at or below. */
export const rankOf = (n: number, perMille: number): number => Math.max(1, Math.ceil((n * perMille) / 1000));

/**
 * Ranks (from 1) among n sorted values that bound the true 99th percentile, each at one-sided 95 %, whatever the
 * distribution. With a design effect d the n values say as much as n / d independent ones (Woodruff, 1952): d values beyond
 * a bound count as one. An estimate of d comes out too small where few values lie high, so that the upper bound takes it for
 * no less than leastForHigh. null where n is too small: below 299 independent values none is an upper bound.
 */
export function p99BoundRanks(
  n: number,
  designEffect = 1,
  leastForHigh = 1,
): { low: number | null; high: number | null } {
  const each = Math.max(1, designEffect);
  const eachAbove = Math.max(each, leastForHigh);
  const mostAboveHigh = quantile(0.05, Math.floor(n / eachAbove), 0.01) - 1;
  const leastAboveLow = quantile(0.95, Math.ceil(n / each), 0.01) + 1;
  const low = n - Math.ceil(leastAboveLow * each) + 1;
  return { low: low < 1 ? null : low, high: mostAboveHigh < 0 ? null : n - Math.floor(mostAboveHigh * eachAbove) };
}
