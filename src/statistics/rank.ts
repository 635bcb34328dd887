/** The rank (from 1) of the percentile among n sorted values: the smallest value that this share of all lies at or below. */
export const rankOf = (n: number, perMille: number): number => Math.max(1, Math.ceil((n * perMille) / 1000));
