import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { faultDoubts, generatorDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { counted, number, sinceThen } from './words.ts';

/** Whether the shop still knew its shoppers. */
export function judgeSessions(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.sessions === undefined) return [];
  const { maxLost } = plan.objectives.sessions;
  const { kept, lost } = facts.sessions ?? { kept: 0, lost: 0 };
  const finding: Finding = {
    id: 'sessions',
    title: 'Sessions kept',
    ...outcomeOf(kept, lost, maxLost, sinceThen(plan)),
    evidence: { kept: facts.sessions?.kept ?? null, lost: facts.sessions?.lost ?? null, maxLost },
  };
  const doubts = [...faultDoubts(facts, plan), ...generatorDoubts(facts), ...problemsAbout(facts, 'load')];
  return [passUnlessInDoubt(finding, doubts)];
}

function outcomeOf(kept: number, lost: number, maxLost: number, since: string): Pick<Finding, 'outcome' | 'message'> {
  const allowed = maxLost === 0 ? 'none may be' : `at most ${number(maxLost, 0)} may be`;
  if (kept + lost === 0)
    return {
      outcome: 'inconclusive',
      message: `No shopper looked for a session ${since}, so it is unknown whether any was lost; ${allowed}.`,
    };
  const verb = lost === 1 ? 'was' : 'were';
  const message = `${number(lost, 0)} of ${counted(kept + lost, 'session')} looked for ${since} ${verb} lost; ${allowed}.`;
  return { outcome: lost > maxLost ? 'fail' : 'pass', message };
}
