import quantile from '@stdlib/stats-base-dists-beta-quantile';
import { leastSpell } from './spells.ts';

/** Events of a stretch of time, such as the calls of a phase. */
export interface Events {
  count: number;
  /** Bad ones of each second that had any, in any order. */
  badBySecond: readonly number[];
  /** How long the stretch was. */
  seconds: number;
}

/** What is not known of the events for certain. */
export interface Doubt {
  /** Events that are missing, and may each have been good or bad. */
  missing: number;
  /** Bad events that something other than what is judged may explain. */
  explained: number;
}

/** Bounds of the true share of bad events, each at one-sided 1 - error. */
export interface ShareBounds {
  low: number;
  high: number;
}

export const noDoubt: Doubt = { missing: 0, explained: 0 };

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Exact bounds of the true share of bad events that come in spells: Clopper and Pearson's, real-valued, over as many
 * independent events as these are worth, which is their number over the length of a spell (Korn & Graubard, "Confidence
 * intervals for proportions with small expected number of positive counts estimated from survey data", 1998).
 *
 * How long a spell is, is taken from the events in the way that keeps worse evidence from looking better:
 * - For the upper bound, a spell is as long as the worst second has bad events, and no shorter than `leastSpell`.
 * - For the lower bound, each second counts for at most c bad events, and a spell is c long; the c with the highest bound
 *   counts. So what makes one second worse never takes anything from the others.
 *
 * Both bounds rise, or stay, when an event turns bad, and neither depends on the order of seconds. A doubt lowers the lower
 * bound by what it can explain and raises the upper one by what it can hide, and no further.
 * @param error of each bound by itself.
 */
export function shareBounds(events: Events, error: number, doubt: Doubt = noDoubt): ShareBounds {
  return { low: lowBound(events, error, doubt), high: highBound(events, error, doubt) };
}

function highBound({ count, badBySecond, seconds }: Events, error: number, { missing }: Doubt): number {
  const all = count + missing;
  const bad = total(badBySecond) + missing;
  if (bad >= all) return 1;
  const worst = badBySecond.reduce((most, value) => Math.max(most, value), 0) + missing;
  // Without a bad event there is no spell to be seen: docs/decisions/0009-autocorrelation.md says why that stands.
  const spell = bad === 0 ? 1 : Math.max(leastSpell(seconds > 0 ? all / seconds : all), worst);
  return quantile(1 - error, bad / spell + 1, (all - bad) / spell);
}

function lowBound({ count, badBySecond }: Events, error: number, { missing, explained }: Doubt): number {
  const all = count + missing;
  const seconds = lessTheWorst(badBySecond, explained).filter((bad) => bad > 0);
  return [...new Set(seconds)].reduce((highest, spell) => {
    const spells = total(seconds.map((bad) => Math.min(bad, spell))) / spell;
    return Math.max(highest, quantile(error, spells, all / spell - spells + 1));
  }, 0);
}

/** The same without so many bad events, taken from where most are. */
export function lessTheWorst(badBySecond: readonly number[], explained: number): number[] {
  if (explained <= 0) return [...badBySecond];
  const sorted = badBySecond.toSorted((a, b) => b - a);
  let left = explained;
  for (let at = 0; at < sorted.length && left > 0; at += 1) {
    const taken = Math.min(left, sorted[at] as number);
    sorted[at] = (sorted[at] as number) - taken;
    left -= taken;
  }
  return sorted;
}

/** The fewest events whose upper bound is below a share when `bad` of them are bad, each in a second of its own. */
export function fewestToPass(share: number, error: number, bad: number, perSecond: number): number {
  const passes = (count: number) =>
    shareBounds({ count, badBySecond: Array<number>(bad).fill(1), seconds: count / perSecond }, error).high < share;
  let [tooFew, enough] = [bad, bad + 1];
  while (!passes(enough)) [tooFew, enough] = [enough, enough * 2];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (passes(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
