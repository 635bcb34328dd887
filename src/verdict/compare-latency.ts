import quantile from '@stdlib/stats-base-dists-normal-quantile';
import type { ComparedRow } from '../model/comparison.ts';
import type { Facts, LatencyFact } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { leastSpell } from '../statistics/spells.ts';
import { clockDoubts, generatorDoubts } from './doubts.ts';
import { capitalised, duration, nameOf, number, percent, whenIn } from './words.ts';

interface Run {
  facts: Facts;
  plan: Plan;
}

/** Each path in each phase that both runs measured; the difference is unknown where their limits differ. */
export function compareLatency(a: Run, b: Run): ComparedRow[] {
  const doubtsIn = (phase: Phase): string[] =>
    [a.facts, b.facts].flatMap((facts) => [...generatorDoubts(facts, phase), ...clockDoubts(facts)]);
  return a.facts.latency.flatMap((one) => {
    const other = b.facts.latency.find(({ path, phase }) => path === one.path && phase === one.phase);
    return other === undefined || (one.count === 0 && other.count === 0)
      ? []
      : [compare(a.plan, one, other, doubtsIn(one.phase))];
  });
}

function compare(plan: Plan, a: LatencyFact, b: LatencyFact, doubts: string[]): ComparedRow {
  const what = capitalised(`${nameOf[a.path]} p99 ${whenIn(plan, a.phase)}`);
  const row = { what, values: [wordsOf(a), wordsOf(b)] as [string, string] };
  const unknown = (because: string): ComparedRow => ({ ...row, difference: 'unknown', because });
  if (a.count === 0 || b.count === 0) return unknown('no call was measured in one of them');
  if (a.limitMs !== b.limitMs) return unknown(`other limits: ${duration(a.limitMs)} and ${duration(b.limitMs)}`);
  if (doubts.length > 0) return unknown(`one of them cannot be relied on: ${doubts[0]}`);
  const [low, high] = differenceOfShares(a, b);
  const shares = `the share of bad calls changed by ${points(low)} to ${points(high)} points at 95 %, spells considered`;
  if (low > 0 || high < 0) return { ...row, difference: 'real', because: shares };
  if (apart(a, b) || apart(b, a)) return { ...row, difference: 'real', because: 'the bounds of both p99 lie apart' };
  return { ...row, difference: 'none shown', because: shares };
}

const wordsOf = ({ count, bad, p99Ms }: LatencyFact): string =>
  count === 0
    ? 'no call'
    : `${p99Ms === 'failed' ? p99Ms : duration(p99Ms ?? 0)}, bad ${percent(bad / count)} of ${number(count, 0)}`;

const points = (share: number): string => `${share > 0 ? '+' : ''}${number(share * 100, 2)}`;

/** Bounds at one-sided 95 % each do not touch. */
const apart = (fast: LatencyFact, slow: LatencyFact): boolean =>
  fast.p99HighMs !== null && slow.p99LowMs !== null && inMs(fast.p99HighMs) < inMs(slow.p99LowMs);

/** A failed call is slower than any other. */
const inMs = (value: number | 'failed'): number => (value === 'failed' ? Infinity : value);

/**
 * The 95 % interval of the change of the share from a to b: the hybrid score interval (Newcombe, "Interval estimation for
 * the difference between independent proportions", 1998, method 10) over as many independent calls as theirs are worth.
 */
export function differenceOfShares(a: LatencyFact, b: LatencyFact): [number, number] {
  const [ofA, ofB] = [wilson(a), wilson(b)];
  const change = ofB.share - ofA.share;
  return [
    change - Math.hypot(ofB.share - ofB.low, ofA.high - ofA.share),
    change + Math.hypot(ofB.high - ofB.share, ofA.share - ofA.low),
  ];
}

const z975 = quantile(0.975, 0, 1);

/** Wilson's score interval at 95 %. */
function wilson({ count, bad, badBySecond, seconds }: LatencyFact): { share: number; low: number; high: number } {
  const each = Math.max(badBySecond[0] ?? 1, leastSpell(count / Math.max(1, seconds)));
  const n = Math.max(1, count / each);
  const share = bad / count;
  const centre = (share + z975 ** 2 / (2 * n)) / (1 + z975 ** 2 / n);
  const half = (z975 / (1 + z975 ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z975 ** 2 / (4 * n ** 2));
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
