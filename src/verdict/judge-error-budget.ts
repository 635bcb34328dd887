import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { generatorDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { counted, number, percent } from './words.ts';

const secondsPerDay = 86_400;

/** The share of the window's error budget that this run burned: bad events over those that the window allows at baseline traffic. */
export function judgeErrorBudget(facts: Facts, plan: Plan): { row: Verdict['errorBudget']; finding: Finding } {
  const { objective, windowDays, maxBurnedRatio } = plan.objectives.errorBudget;
  const budgetEvents = (1 - objective) * windowDays * secondsPerDay * plan.profile.baselineRatePerSecond;
  const good = facts.events?.good ?? null;
  const bad = facts.events?.bad ?? null;
  const burnedRatio = bad === null ? null : Math.round((bad / budgetEvents) * 1e6) / 1e6;
  const judged: Finding = {
    id: 'error-budget',
    title: 'Error budget',
    outcome: burnedRatio === null ? 'inconclusive' : burnedRatio > maxBurnedRatio ? 'fail' : 'pass',
    message:
      bad === null || burnedRatio === null
        ? 'What was burned of the error budget is unknown: no calls could be counted.'
        : `${counted(bad, 'bad call')} burned ${percent(burnedRatio)} of the ${windowDays}-day budget of ${number(budgetEvents, 0)}; ` +
          `a drill may burn ${percent(maxBurnedRatio)}.`,
    evidence: { goodEvents: good, badEvents: bad, burnedRatio, maxBurnedRatio },
  };
  const finding = passUnlessInDoubt(judged, [...generatorDoubts(facts), ...problemsAbout(facts, 'load')]);
  const row = { objective, windowDays, goodEvents: good, badEvents: bad, burnedRatio, outcome: finding.outcome };
  return { row, finding };
}
