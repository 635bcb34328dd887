import { seededRandom } from '../../scenarios/traffic/random.ts';
import type { Outcome } from '../../src/model/verdict.ts';
import { shareBounds, total } from '../../src/statistics/share.ts';
import { drawBursts } from '../certain/bursts.ts';
import type { Blocks, Model } from './simulate.ts';

/** What a robbed second does to the calls in it, on top of what the shop does by itself. */
export interface Robbery {
  /** The share of all CPU time, on two cores, above which a second counts as robbed. */
  maxShare: number;
  /** Share of calls that become bad in a second in which the neighbour takes more than that. */
  spoils: number;
  /** The same for the second after, for calls that have queued up. */
  drains: number;
  /** The same for a second in which it takes something, but not more than that. */
  brushes: number;
}

const cores = 2;

/**
 * The calls of a phase that count beside the noisy neighbour of the bench `certain`, whose bursts are independent of
 * the shop: those of robbed seconds, and of the second after each, are left out. The true share of bad calls is the
 * shop's own.
 */
export function besideNeighbour(shop: Model, { maxShare, spoils, drains, brushes }: Robbery): Model {
  return (phase, random) => {
    const { calls, kind } = shop(phase, random);
    const shares = sharesOf(phase.seconds, random);
    const spoilt = kind.map((bad, second) => {
      const share = shares[second + 1] as number;
      const before = (shares[second] as number) > maxShare ? drains : 0;
      const now = share > maxShare ? spoils : share > 0 ? brushes : 0;
      return Math.round(bad + ((calls[second] as number) - bad) * Math.max(before, now));
    });
    const counts = (_: number, second: number) =>
      (shares[second + 1] as number) <= maxShare && (shares[second] as number) <= maxShare;
    return { calls: calls.filter(counts), kind: spoilt.filter(counts) };
  };
}

const promised = 0.01;
const error = 0.05;

/** Which share of simulated runs passes, fails and is inconclusive, as is each run with fewer seconds that count. */
export function outcomesOf(
  model: Model,
  phase: { seconds: number; callsPerSecond: number; badShare: number },
  { runs, seed, leastSeconds }: { runs: number; seed: number; leastSeconds: number },
): Record<Outcome, number> {
  const random = seededRandom(seed);
  const shares: Record<Outcome, number> = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < runs; run += 1) {
    const blocks = model(phase, random);
    shares[blocks.calls.length < leastSeconds ? 'inconclusive' : outcomeOf(blocks)] += 1 / runs;
  }
  return shares;
}

function outcomeOf({ calls, kind }: Blocks): Outcome {
  const { low, high } = shareBounds({ count: total(calls), badBySecond: kind, seconds: calls.length }, error);
  if (high < promised) return 'pass';
  return low > promised ? 'fail' : 'inconclusive';
}

/** The share of all CPU time that the neighbour took in each second, and in the one before the first. */
function sharesOf(seconds: number, random: () => number): number[] {
  const shares = Array<number>(seconds + 1).fill(0);
  const lengthMs = shares.length * 1_000;
  // From somewhere in its course: its first rest is not like the others.
  let atMs = -random() * 20_000;
  for (const { restMs, burstMs } of drawBursts(random, cores)) {
    const [fromMs, untilMs] = [atMs + restMs, atMs + restMs + burstMs];
    atMs = untilMs;
    for (const second of shares.keys()) {
      const ms = Math.min(untilMs, (second + 1) * 1_000) - Math.max(fromMs, second * 1_000);
      if (ms > 0) shares[second] = (shares[second] as number) + ms / 1_000 / cores;
    }
    if (atMs > lengthMs) return shares;
  }
  return shares;
}
