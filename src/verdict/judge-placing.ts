import type { Facts, PlacingFact } from '../model/facts.ts';
import type { Objectives } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { failUnlessInDoubt, fullHostDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { counted, number, percent } from './words.ts';

/** What will be judged, in words. */
export const placingPromises = ({ orders }: Objectives): string[] =>
  orders === undefined
    ? []
    : [
        `at most ${percent(orders.maxUnansweredRatio)} of the orders are never answered, and ${percent(orders.maxRejectedRatio)} rejected`,
      ];

type Objective = NonNullable<Objectives['orders']>;

/**
 * Whether shoppers could place their orders. All of them are known, so this is a count against a share. Those that were on
 * their way when the load ended count on neither side. What k6 did not send, and what had been waited for in vain by then,
 * may be either: a pass has to hold with all of it counted as bad, and a fail with none.
 */
export function judgePlacing(facts: Facts, plan: Plan): Finding[] {
  const objective = plan.objectives.orders;
  if (objective === undefined) return [];
  // A user's own script that reports no orders, for a shop of which none are read back.
  if (facts.placing === null && plan.readsOrders === false) return [];
  const problems = problemsAbout(facts, 'load', 'orders');
  const late = failUnlessInDoubt(unanswered(facts, objective, problems), fullHostDoubts(facts));
  return [late, rejected(facts, objective, problems)].map((finding) => {
    const nothing = facts.placing?.acknowledged === 0 ? ['no order was acknowledged'] : [];
    return passUnlessInDoubt(finding, [...problems, ...nothing]);
  });
}

interface Share {
  id: string;
  title: string;
  /** "never answered" */
  what: string;
  maxRatio: number;
}

function unanswered(facts: Facts, { maxUnansweredRatio }: Objective, problems: string[]): Finding {
  const share = {
    id: 'orders.unanswered',
    title: 'Unanswered orders',
    what: 'never answered',
    maxRatio: maxUnansweredRatio,
  };
  if (facts.placing === null) return unknownShare(share);
  const { indeterminate, silent, late, overdue } = facts.placing;
  // A missing sample looks like an order without a recorded end.
  const missing = problems.length === 0 ? 0 : silent - late;
  return judgeShare(share, facts, facts.placing, indeterminate - late - missing, overdue + missing);
}

function rejected(facts: Facts, { maxRejectedRatio }: Objective, problems: string[]): Finding {
  const share = { id: 'orders.rejected', title: 'Rejected orders', what: 'rejected', maxRatio: maxRejectedRatio };
  if (facts.placing === null) return unknownShare(share);
  const { rejected, silent, late, overdue } = facts.placing;
  const missing = problems.length === 0 ? 0 : silent - late;
  return judgeShare(share, facts, facts.placing, rejected, overdue + missing);
}

const unknownShare = ({ what, maxRatio, ...finding }: Share): Finding => ({
  ...finding,
  outcome: 'inconclusive',
  message: `How many orders were ${what} is unknown; at most ${percent(maxRatio)} may be.`,
  evidence: { attempted: null, maxRatio },
});

/** @param unknown orders that may be bad or not, besides those that k6 did not send. */
function judgeShare(
  { what, maxRatio, ...finding }: Share,
  { load }: Facts,
  { attempted, late, overdue }: PlacingFact,
  bad: number,
  unknown: number,
): Finding {
  const dropped = load.dropped ?? Number.POSITIVE_INFINITY;
  const judged = attempted - (late - overdue);
  const evidence = { attempted, judged, bad, unknown, maxRatio };
  const verb = bad === 1 ? 'was' : 'were';
  const seen = `${number(bad, 0)} of ${counted(judged, 'order')} ${verb} ${what}${bad === 0 ? '' : ` (${percent(bad / judged)})`}; at most ${percent(maxRatio)} may be`;
  // Without an order, neither is a share of anything.
  const least = bad / (judged + dropped);
  const most = (bad + unknown + dropped) / (judged + dropped);
  if (most <= maxRatio) return { ...finding, outcome: 'pass', message: `${seen}.`, evidence };
  if (!(least > maxRatio)) {
    const notSent = load.dropped === null ? 'an unknown number' : number(load.dropped, 0);
    const why = `${number(unknown, 0)} had no answer yet when the load ended, and k6 did not send ${notSent}`;
    return { ...finding, outcome: 'inconclusive', message: `${seen}. Not conclusive: ${why}.`, evidence };
  }
  if (bad > 1 || maxRatio === 0) return { ...finding, outcome: 'fail', message: `${seen}.`, evidence };
  const few = `a single order exceeds that among fewer than ${number(Math.ceil(1 / maxRatio), 0)}`;
  return { ...finding, outcome: 'inconclusive', message: `${seen}, and ${few}.`, evidence };
}
