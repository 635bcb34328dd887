import type { SpreadFact } from '../model/facts.ts';
import { leastDesignEffect } from '../model/spells.ts';
import type { Outcome } from '../model/verdict.ts';
import { failLimit, passLimit, samplesFor } from './binomial.ts';

/** Bad calls of a phase. */
interface Counted {
  count: number;
  bad: number;
  spread: SpreadFact;
}

interface ShareBounds {
  outcome: Outcome;
  /** As many independent calls would say as much, for a pass. */
  independentCalls: number;
  /** The most bad calls that pass, as they spread here; null when none would. */
  passesUpTo: number | null;
  /** The fewest that fail. */
  failsFrom: number;
}

/**
 * Whether the true share of bad calls is below p, above it, or cannot be told: the exact binomial bound at one-sided 95 %
 * over as many independent calls as these are worth, n / design effect (Korn & Graubard, "Confidence intervals for
 * proportions with small expected number of positive counts estimated from survey data", 1998).
 *
 * A design effect comes out too small exactly when few bad calls were seen, and would let such runs pass too often. So a
 * pass also counts how little the estimate rests on (their factor of t quantiles), and takes spells to be of some length at
 * the least. Without any bad call there is nothing to estimate, and the bound stands as it is.
 */
export function judgeShare({ count, bad, spread }: Counted, p: number): ShareBounds {
  // All within one second: as good as one spell.
  const seen = Math.max(1, spread.designEffect ?? bad);
  const failsFrom = Math.ceil(failLimit(Math.ceil(count / seen), p) * seen);
  const callsEach = bad === 0 ? 1 : Math.max(seen * doubtOf(spread), leastDesignEffect(rateOf(count, spread)));
  const independentCalls = count / callsEach;
  const passesUpTo = mostThatPass(independentCalls, p, callsEach);
  const passes = passesUpTo !== null && bad <= passesUpTo;
  return {
    outcome: bad >= failsFrom ? 'fail' : passes ? 'pass' : 'inconclusive',
    independentCalls: Math.floor(independentCalls),
    passesUpTo,
    failsFrom,
  };
}

const rateOf = (count: number, { seconds }: SpreadFact): number => (seconds === 0 ? 0 : count / seconds);

/** The bound steps from one whole bad call to the next; between them, where a spell is more than one, it is a straight line. */
function mostThatPass(independentCalls: number, p: number, callsEach: number): number | null {
  const whole = passLimit(Math.floor(independentCalls), p);
  if (whole === null) return null;
  const from = samplesFor(whole, p);
  const part = callsEach === 1 ? 0 : (independentCalls - from) / (samplesFor(whole + 1, p) - from);
  return Math.floor((whole + part) * callsEach);
}

const z95 = 1.6448536269514722;

/** How much more an estimated variance has to be taken for: (t / z) squared. */
const doubtOf = ({ degreesOfFreedom }: SpreadFact): number =>
  degreesOfFreedom === null ? 1 : (t95(degreesOfFreedom) / z95) ** 2;

/** The 95 % quantile of Student's t (Abramowitz & Stegun 26.7.5); within 1.2 % from 2 degrees of freedom on. */
function t95(degreesOfFreedom: number): number {
  const z = z95;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, i) => sum + term / degreesOfFreedom ** i, 0);
}
