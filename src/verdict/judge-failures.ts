import type { CallsFact, Facts } from '../model/facts.ts';
import type { Objectives, Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { droppedIn, failUnlessInDoubt, generatorDoubts, hostDoubts, problemsAbout, unlessInDoubt } from './doubts.ts';
import { counted, number, percent, whenIn } from './words.ts';

type Objective = NonNullable<Objectives['failures']>[number];

/**
 * Whether few enough calls of a phase failed. All its calls are known, and failures of an outage come together: so this is
 * a count against a share, and no estimate with bounds as for latency. A host that could not keep up only makes calls fail,
 * so a pass stands on it and a fail does not. What k6 did not send may have failed or not: a pass does not stand then, and
 * a fail does when it would be one with all of that counted as good.
 */
export function judgeFailures(facts: Facts, plan: Plan): Finding[] {
  const problems = problemsAbout(facts, 'load');
  return (plan.objectives.failures ?? []).flatMap((objective) =>
    objective.phases.map((phase) => {
      const finding = judgePhase(facts, plan, objective, phase);
      const doubts = isCertainFail(facts, objective, phase)
        ? problems
        : [...generatorDoubts(facts, phase), ...problems];
      const hostLate = [...hostDoubts(facts, phase), ...problemsAbout(facts, 'host')];
      return failUnlessInDoubt(unlessInDoubt(finding, doubts), hostLate);
    }),
  );
}

/** The most calls that one dropped iteration leaves out: an order with all its tries, its cart and its session. */
const mostCallsDropped = 10;

function isCertainFail(facts: Facts, objective: Objective, phase: Phase): boolean {
  const { calls, load } = facts;
  const fact = calls.find((one) => one.calls === objective.calls && one.phase === phase);
  const dropped = droppedIn(facts, [phase]);
  if (fact === undefined || dropped === null || load.generator.exitCode !== 0) return false;
  return fact.failed / (fact.count + dropped * mostCallsDropped) > objective.maxFailedRatio;
}

function judgePhase(facts: Facts, plan: Plan, { calls, maxFailedRatio }: Objective, phase: Phase): Finding {
  const fact = facts.calls.find((one) => one.calls === calls && one.phase === phase);
  const count = fact?.count ?? 0;
  return {
    id: `failures.${calls}.${phase}`,
    title: `Failed ${calls === 'reads' ? 'reads' : 'calls'} ${whenIn(plan, phase)}`,
    ...outcomeOf(fact, whenIn(plan, phase), maxFailedRatio),
    evidence: {
      count,
      failed: fact?.failed ?? null,
      failedRatio: fact === undefined || count === 0 ? null : Math.round((fact.failed / count) * 1e6) / 1e6,
      maxFailedRatio,
    },
  };
}

function outcomeOf(
  fact: CallsFact | undefined,
  when: string,
  maxFailedRatio: number,
): Pick<Finding, 'outcome' | 'message'> {
  const allowed = maxFailedRatio === 0 ? 'none may' : `at most ${percent(maxFailedRatio)} may`;
  if (fact === undefined || fact.count === 0)
    return {
      outcome: 'inconclusive',
      message: `No call was measured ${when}, so it is unknown how many fail; ${allowed}.`,
    };
  const { calls, count, failed } = fact;
  const share = failed === 0 ? '' : ` (${percent(failed / count)})`;
  const seen = `${number(failed, 0)} of ${counted(count, calls === 'reads' ? 'read' : 'call')} failed ${when}${share}; ${allowed}`;
  if (failed / count <= maxFailedRatio) return { outcome: 'pass', message: `${seen}.` };
  // A share is allowed, but not one whole call of so few: a single one breaks the count, and is no share yet.
  if (maxFailedRatio > 0 && failed === 1)
    return {
      outcome: 'inconclusive',
      message: `${seen}, and one call is that share only of ${number(Math.ceil(1 / maxFailedRatio), 0)} or more.`,
    };
  return { outcome: 'fail', message: `${seen}.` };
}
