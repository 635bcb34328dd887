/** Numbers in [0, 1), the same for the same seed, so a run's traffic can be repeated (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A rank from 1 to `size` by Zipf's law with exponent 1: P(rank <= k) = ln(k + 1) / ln(size + 1), inverted.
 * Uniform ids would make every cache look useless and every row equally hot.
 */
export const zipfRank = (random: () => number, size: number): number =>
  Math.min(size, Math.floor((size + 1) ** random()));
