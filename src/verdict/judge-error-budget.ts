import type { BudgetFact, BurnAlertFact, Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, latencyPaths, shareOf } from '../model/profile.ts';
import { referencePlatform } from '../model/reference-platform.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  evidenceDoubts,
  failUnlessInDoubt,
  generatorEndDoubts,
  missingCalls,
  passUnlessInDoubt,
  problemsAbout,
  unlessInDoubt,
} from './doubts.ts';
import { capitalised, counted, duration, iso, isoOrNull, nameOf, number, percent, round3OrNull } from './words.ts';

const secondsPerDay = 86_400;

/**
 * The share of the window's error budget that this run burned, for each promise on its own: bad events over those that
 * the window allows at baseline traffic. If calls were still bad at the end of the load, it is a lower bound.
 */
export const errorBudget: Checker = {
  id: 'error-budget',
  title: 'Error budget',
  restsOnTime: true,
  findings: (plan) => promisedPaths(plan).map(budgetId),
  promises: () => [],
  judge: (facts, plan) => promisedPaths(plan).map((path) => judgePath(facts, plan, path)),
};

export const budgetId = (path: LatencyPath): string => `error-budget.${path}`;

/** A load in steps goes on until a promise is broken: what that burns is no finding. */
export const promisedPaths = ({ objectives, profile }: Plan): LatencyPath[] =>
  latencyPaths.filter((path) => !profile.steps && objectives.latency.some((promise) => promise.path === path));

/** Share of the budget that this many bad events burn, at a baseline rate over all paths. */
export function burnedRatio(plan: Plan, path: LatencyPath, bad: number, ratePerSecond?: number): number {
  const { objective, windowDays } = plan.objectives.errorBudget;
  const rate = (ratePerSecond ?? plan.profile.baselineRatePerSecond) * shareOf(path, plan.checkoutShare);
  return Math.round((bad / ((1 - objective) * windowDays * secondsPerDay * rate)) * 1e6) / 1e6;
}

/** Calls were still bad, or a path that they take had not recovered, when the load ended. */
export const isOpen = ({ recovery }: Facts, { path, openAtEnd }: BudgetFact): boolean =>
  openAtEnd ||
  recovery.some((fact) => fact.path === (path === 'checkout' ? 'write' : 'read') && fact.outage && !fact.recovered);

function judgePath(facts: Facts, plan: Plan, path: LatencyPath): Finding {
  const { windowDays, maxBurnedRatio } = plan.objectives.errorBudget;
  const fact = facts.budgets?.find((one) => one.path === path);
  const base = { id: budgetId(path), title: `${capitalised(nameOf[path])} error budget` };
  if (fact === undefined || fact.good + fact.bad === 0)
    return {
      ...base,
      outcome: 'inconclusive',
      message: `What was burned of the ${nameOf[path]} error budget is unknown: no calls could be counted.`,
      evidence: { badEvents: null, burnedRatio: null, maxBurnedRatio },
    };
  const burned = burnedRatio(plan, path, fact.bad);
  const open = isOpen(facts, fact);
  const finding: Finding = {
    ...base,
    outcome: burned > maxBurnedRatio ? 'fail' : open ? 'inconclusive' : 'pass',
    message:
      `${counted(fact.bad, `bad ${nameOf[path]} call`)} (first tries alone) burned ${open ? 'at least ' : ''}${percent(burned)} of the ${windowDays}-day budget; ` +
      `a drill may burn ${percent(maxBurnedRatio)}.${open ? ' Calls were still bad when the load ended.' : ''} ${wordsOfAlerts(facts, plan, fact, open)}`.trim(),
    evidence: {
      goodEvents: fact.good,
      badEvents: fact.bad,
      burnedRatio: burned,
      isLowerBound: open,
      maxBurnedRatio,
      ...atReferenceScale(plan, path, fact.bad),
      ...evidenceOfAlerts(fact, open),
    },
  };
  return unlessInDoubt(
    failUnlessInDoubt(passUnlessInDoubt(finding, passDoubts(facts, plan, fact)), failDoubts(plan, fact)),
    evidenceDoubts(facts),
  );
}

function passDoubts(facts: Facts, plan: Plan, { path, bad }: BudgetFact): string[] {
  const missing = missingCalls(facts, []);
  const doubts = [...generatorEndDoubts(facts), ...problemsAbout(facts, 'load')];
  if (missing === null) doubts.push('k6 left no evidence of what it sent');
  else if (burnedRatio(plan, path, bad + missing) > plan.objectives.errorBudget.maxBurnedRatio)
    doubts.push(`k6 left out up to ${counted(missing, 'call')}, for want of a free virtual user`);
  return doubts;
}

function failDoubts(plan: Plan, { path, bad, robbedBad }: BudgetFact): string[] {
  if (burnedRatio(plan, path, bad - robbedBad) > plan.objectives.errorBudget.maxBurnedRatio) return [];
  return [`${number(robbedBad, 0)} of them came in seconds of which the host robbed the instruments`];
}

/** The same outage, just as long and with the same share of calls, at the reference platform's peak. */
function atReferenceScale(plan: Plan, path: LatencyPath, bad: number): Finding['evidence'] {
  const { baselineRatePerSecond, peakRatePerSecond } = referencePlatform;
  const badEvents = Math.round((bad * peakRatePerSecond) / plan.peakRatePerSecond);
  return {
    referencePeakRatePerSecond: peakRatePerSecond,
    referenceBadEvents: badEvents,
    referenceBurnedRatio: burnedRatio(plan, path, badEvents, baselineRatePerSecond),
  };
}

/** The alert of a severity that fired first. */
function firstOf({ alerts }: BudgetFact, severity: BurnAlertFact['severity']): BurnAlertFact | null {
  const fired = alerts.filter((alert) => alert.severity === severity && alert.firedAtMs !== null);
  return fired.toSorted((a, b) => Number(a.firedAtMs) - Number(b.firedAtMs))[0] ?? null;
}

/** While an outage is open, what would not have fired by the load's end may fire later. */
function evidenceOfAlerts(fact: BudgetFact, open: boolean): Finding['evidence'] {
  const fired = (severity: BurnAlertFact['severity']) => firstOf(fact, severity) !== null || (open ? null : false);
  return {
    wouldHavePaged: fired('page'),
    pagedAt: isoOrNull(firstOf(fact, 'page')?.firedAtMs ?? null),
    wouldHaveFiledTicket: fired('ticket'),
    ticketAt: isoOrNull(firstOf(fact, 'ticket')?.firedAtMs ?? null),
    // The fastest alert: burn over 1 h and 5 min.
    highestBurnRate: round3OrNull(fact.alerts[0]?.highestBurn ?? null),
  };
}

function wordsOfAlerts(facts: Facts, plan: Plan, fact: BudgetFact, open: boolean): string {
  const page = firstOf(fact, 'page');
  const fastest = fact.alerts[0];
  if (fastest === undefined) return '';
  if (page === null || page.firedAtMs === null)
    return open
      ? `Whether burn-rate alerts would have paged is unknown: ${number(fastest.highestBurn)} of ${fastest.burnRate} times the budget's rate up to then.`
      : `Burn-rate alerts would not have paged: at most ${number(fastest.highestBurn)} of ${fastest.burnRate} times the budget's rate.`;
  const { disturbedAtMs } = facts.timeline;
  const afterMs = disturbedAtMs === null ? null : page.firedAtMs - disturbedAtMs;
  if (afterMs === null || afterMs < 0) return `Burn-rate alerts would have paged at ${iso(page.firedAtMs)}.`;
  return `Burn-rate alerts would have paged ${duration(afterMs)} ${plan.fault === null ? 'into the peak' : 'after the injection'}.`;
}
