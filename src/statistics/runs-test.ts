import { choose } from './rank-test.ts';

/**
 * Wald and Wolfowitz' runs test, exact: how likely a sequence of these two kinds, shuffled, has no more stretches of one kind
 * than this one. Small where each kind keeps together, as after a change; near 1 where they alternate.
 */
export function clusteringP(sequence: readonly boolean[]): number {
  const ones = sequence.filter(Boolean).length;
  const others = sequence.length - ones;
  if (ones === 0 || others === 0) return 1;
  const stretches = 1 + sequence.filter((one, at) => at > 0 && one !== sequence[at - 1]).length;
  let ways = 0;
  for (let count = 2; count <= stretches; count += 1) ways += waysToHave(count, ones, others);
  return Math.min(1, ways / choose(sequence.length, ones));
}

/** In how many orders so many of one kind and of the other stand in this many stretches. */
function waysToHave(stretches: number, ones: number, others: number): number {
  const half = Math.floor(stretches / 2);
  const parts = (of: number, into: number): number => choose(of - 1, into - 1);
  if (stretches % 2 === 0) return 2 * parts(ones, half) * parts(others, half);
  return parts(ones, half + 1) * parts(others, half) + parts(ones, half) * parts(others, half + 1);
}
