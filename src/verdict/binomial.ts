import quantile from '@stdlib/stats-base-dists-binomial-quantile';

/** One-sided error of every pass and every fail. */
const alpha = 0.05;

/**
 * The most bad events of n at which the true share of bad events is below p with 95 % confidence:
 * P(X <= k | n, p) <= 5 %. null when n is too small for any number of them.
 */
export function passLimit(n: number, p: number): number | null {
  // quantile() is the first k at which the distribution function reaches alpha: the one before it stays below.
  const limit = quantile(alpha, n, p) - 1;
  return limit < 0 ? null : limit;
}

/** The fewest bad events of n at which the true share is above p with 95 % confidence: P(X >= k | n, p) <= 5 %. May be n + 1. */
export const failLimit = (n: number, p: number): number => quantile(1 - alpha, n, p) + 1;

/** The smallest n that can pass, with no bad event at all. */
export const minimumSamples = (p: number): number => Math.ceil(Math.log(alpha) / Math.log1p(-p));

/** The smallest n that passes with k bad events. */
export function samplesFor(k: number, p: number): number {
  let tooFew = k;
  // The median of the binomial is about n p: with k = n p / 2 less ten there is room for every error of 5 %.
  let enough = Math.ceil((2 * (k + 10)) / p);
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if ((passLimit(middle, p) ?? -1) >= k) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
