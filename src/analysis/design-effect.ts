import type { SpreadFact } from '../model/facts.ts';

/** Calls of each second of a phase, and those of a kind among them. */
export interface Blocks {
  calls: number[];
  kind: number[];
}

/** Spells that span the end of a second show in longer blocks. */
const blockSeconds = [1, 2, 4];
/** A variance from fewer blocks is a guess. */
const fewestBlocks = 10;

/**
 * How calls of a kind spread over a phase. The design effect of cluster sampling (Kish, Survey Sampling, 1965), with blocks
 * of time as clusters: the variance of the ratio of two sums over blocks, over that of as many independent calls. The
 * greatest of several lengths of blocks counts.
 */
export function spreadOf(blocks: Blocks): SpreadFact {
  const seconds = blocks.calls.length;
  const estimates = blockSeconds
    .filter((length) => length === 1 || seconds / length >= fewestBlocks)
    .map((length) => estimate(inBlocks(blocks, length)))
    .filter((one) => one !== null);
  const greatest = estimates.toSorted((a, b) => b.designEffect - a.designEffect)[0];
  return {
    seconds,
    designEffect: greatest?.designEffect ?? null,
    degreesOfFreedom: greatest?.degreesOfFreedom ?? null,
  };
}

export const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

function inBlocks({ calls, kind }: Blocks, length: number): Blocks {
  const joined = (values: number[]): number[] =>
    Array.from({ length: Math.ceil(values.length / length) }, (_, i) =>
      total(values.slice(i * length, (i + 1) * length)),
    );
  return { calls: joined(calls), kind: joined(kind) };
}

function estimate({ calls, kind }: Blocks): { designEffect: number; degreesOfFreedom: number } | null {
  const blocks = calls.length;
  const count = total(calls);
  const share = total(kind) / count;
  if (blocks < 2 || !(share > 0)) return null;
  // All of the kind: there is nothing that could vary.
  if (share === 1) return { designEffect: 1, degreesOfFreedom: blocks - 1 };
  const squares = kind.map((of, i) => (of - share * (calls[i] as number)) ** 2);
  const sum = total(squares);
  return {
    designEffect: ((blocks / (blocks - 1)) * sum) / (count * share * (1 - share)),
    degreesOfFreedom: degreesOfFreedom(squares, sum),
  };
}

/**
 * Satterthwaite's, by the variance of a variance: 2 B / (kurtosis - 1). About the number of blocks when the kind is spread
 * evenly; about two when all of it came in one spell.
 */
function degreesOfFreedom(squares: number[], sum: number): number {
  const blocks = squares.length;
  const kurtosis = (blocks * total(squares.map((square) => square ** 2))) / sum ** 2;
  return Math.max(1, Math.min(blocks - 1, (2 * blocks) / Math.max(kurtosis - 1, 1e-9)));
}
