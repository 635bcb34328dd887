import type { Facts, SessionFacts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  evidenceDoubts,
  faultDoubts,
  generatorDoubts,
  passUnlessInDoubt,
  problemsAbout,
  unlessInDoubt,
} from './doubts.ts';
import { counted, number, sinceThen } from './words.ts';

/** Whether the shop still knew its shoppers. */
export const sessions: Checker = {
  id: 'sessions',
  title: 'Sessions kept',
  restsOnTime: true,
  findings: ({ objectives }) => (objectives.sessions === undefined ? [] : ['sessions']),
  promises: ({ objectives: { sessions } }) =>
    sessions === undefined
      ? []
      : [sessions.maxLost === 0 ? 'no session is lost' : `at most ${counted(sessions.maxLost, 'session')} are lost`],
  judge: judgeSessions,
};

function judgeSessions(facts: Facts, plan: Plan): Finding[] {
  if (plan.objectives.sessions === undefined) return [];
  const { maxLost } = plan.objectives.sessions;
  const { kept, lost, unanswered } = facts.sessions ?? { kept: 0, lost: 0, unanswered: 0 };
  const finding: Finding = {
    id: 'sessions',
    title: 'Sessions kept',
    ...outcomeOf({ kept, lost, unanswered }, maxLost, sinceThen(plan)),
    evidence: {
      kept: facts.sessions?.kept ?? null,
      lost: facts.sessions?.lost ?? null,
      unanswered: facts.sessions?.unanswered ?? null,
      maxLost,
    },
  };
  const doubts = [...faultDoubts(facts, plan), ...generatorDoubts(facts), ...problemsAbout(facts, 'load')];
  return [unlessInDoubt(passUnlessInDoubt(finding, doubts), evidenceDoubts(facts))];
}

function outcomeOf(
  { kept, lost, unanswered }: SessionFacts,
  maxLost: number,
  since: string,
): Pick<Finding, 'outcome' | 'message'> {
  const allowed = maxLost === 0 ? 'none may be' : `at most ${number(maxLost, 0)} may be`;
  if (kept + lost === 0)
    return {
      outcome: 'inconclusive',
      message:
        unanswered === 0
          ? `No shopper returned to a session ${since}, so it is unknown whether any was lost; ${allowed}.`
          : `Nobody answered any of ${counted(unanswered, 'look')} for a session ${since}, so it is unknown whether any was lost; ${allowed}.`,
    };
  const verb = lost === 1 ? 'was' : 'were';
  const message = `${number(lost, 0)} of ${counted(kept + lost, 'session')} looked for ${since} ${verb} lost; ${allowed}.`;
  if (lost > maxLost) return { outcome: 'fail', message };
  // Nobody said whether they are lost.
  if (lost + unanswered > maxLost)
    return {
      outcome: 'inconclusive',
      message: `${message} Nobody answered whether ${counted(unanswered, 'other')} ${unanswered === 1 ? 'was' : 'were'} lost.`,
    };
  return { outcome: 'pass', message };
}
