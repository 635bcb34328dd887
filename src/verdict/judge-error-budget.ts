import type { BurnAlertFact, Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { referencePlatform } from '../model/reference-platform.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { generatorDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { counted, duration, iso, isoOrNull, number, percent, round3OrNull } from './words.ts';

const secondsPerDay = 86_400;

/** The share of the window's error budget that this run burned: bad events over those that the window allows at baseline traffic. */
export function judgeErrorBudget(facts: Facts, plan: Plan): { row: Verdict['errorBudget']; finding: Finding } {
  const { objective, windowDays, maxBurnedRatio } = plan.objectives.errorBudget;
  const budgetEvents = budgetAt(plan, plan.profile.baselineRatePerSecond);
  const good = facts.events?.good ?? null;
  const bad = facts.events?.bad ?? null;
  const burnedRatio = bad === null ? null : round6(bad / budgetEvents);
  const judged: Finding = {
    id: 'error-budget',
    title: 'Error budget',
    outcome: burnedRatio === null ? 'inconclusive' : burnedRatio > maxBurnedRatio ? 'fail' : 'pass',
    message:
      bad === null || burnedRatio === null
        ? 'What was burned of the error budget is unknown: no calls could be counted.'
        : `${counted(bad, 'bad call')} burned ${percent(burnedRatio)} of the ${windowDays}-day budget of ${number(budgetEvents, 0)}; ` +
          `a drill may burn ${percent(maxBurnedRatio)}. ${wordsOfAlerts(facts, plan)}`,
    evidence: {
      goodEvents: good,
      badEvents: bad,
      burnedRatio,
      maxBurnedRatio,
      ...atReferenceScale(plan, bad),
      ...evidenceOfAlerts(facts),
    },
  };
  const finding = passUnlessInDoubt(judged, [...generatorDoubts(facts), ...problemsAbout(facts, 'load')]);
  const row = { objective, windowDays, goodEvents: good, badEvents: bad, burnedRatio, outcome: finding.outcome };
  return { row, finding };
}

const round6 = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Bad events that the window allows at a rate. */
function budgetAt({ objectives }: Plan, ratePerSecond: number): number {
  const { objective, windowDays } = objectives.errorBudget;
  return (1 - objective) * windowDays * secondsPerDay * ratePerSecond;
}

/** The same outage, as long and of the same share of calls, at the reference platform's peak. */
function atReferenceScale(plan: Plan, bad: number | null): Finding['evidence'] {
  const { baselineRatePerSecond, peakRatePerSecond } = referencePlatform;
  const badEvents = bad === null ? null : Math.round((bad * peakRatePerSecond) / plan.peakRatePerSecond);
  return {
    referencePeakRatePerSecond: peakRatePerSecond,
    referenceBadEvents: badEvents,
    referenceBurnedRatio: badEvents === null ? null : round6(badEvents / budgetAt(plan, baselineRatePerSecond)),
  };
}

/** The alert of a severity that fired first. */
function firstOf(facts: Facts, severity: BurnAlertFact['severity']): BurnAlertFact | null {
  const fired = (facts.burnAlerts ?? []).filter((alert) => alert.severity === severity && alert.firedAtMs !== null);
  return fired.toSorted((a, b) => Number(a.firedAtMs) - Number(b.firedAtMs))[0] ?? null;
}

function evidenceOfAlerts(facts: Facts): Finding['evidence'] {
  const known = facts.burnAlerts !== null;
  return {
    wouldHavePaged: known ? firstOf(facts, 'page') !== null : null,
    pagedAt: isoOrNull(firstOf(facts, 'page')?.firedAtMs ?? null),
    wouldHaveFiledTicket: known ? firstOf(facts, 'ticket') !== null : null,
    ticketAt: isoOrNull(firstOf(facts, 'ticket')?.firedAtMs ?? null),
    // The fastest alert: burn over 1 h and 5 min.
    highestBurnRate: round3OrNull(facts.burnAlerts?.[0]?.highestBurn ?? null),
  };
}

function wordsOfAlerts(facts: Facts, plan: Plan): string {
  const page = firstOf(facts, 'page');
  const fastest = facts.burnAlerts?.[0];
  if (fastest === undefined) return '';
  if (page === null || page.firedAtMs === null)
    return `Burn-rate alerts would not have paged: at most ${number(fastest.highestBurn)} of ${fastest.burnRate} times the budget's rate.`;
  const { disturbedAtMs } = facts.timeline;
  const afterMs = disturbedAtMs === null ? null : page.firedAtMs - disturbedAtMs;
  if (afterMs === null || afterMs < 0) return `Burn-rate alerts would have paged at ${iso(page.firedAtMs)}.`;
  return `Burn-rate alerts would have paged ${duration(afterMs)} ${plan.fault === null ? 'into the peak' : 'after the injection'}.`;
}
