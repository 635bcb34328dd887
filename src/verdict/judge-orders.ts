import type { Facts, OrderFacts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { generatorEndDoubts, passUnlessInDoubt, problemsAbout, unlessInDoubt } from './doubts.ts';
import { judgePlacing, placingPromises } from './judge-placing.ts';
import { counted, number } from './words.ts';

/**
 * What became of every order that the shop acknowledged or was asked for. No finding about the ledger if it was never meant
 * to be read back: the run's fidelity says so, and the row leaves it unknown.
 */
export const orders: Checker = {
  id: 'orders',
  title: 'Orders',
  findings: (plan) => [
    ...(plan.objectives.orders === undefined ? [] : ['orders.unanswered', 'orders.rejected']),
    ...(plan.readsOrders === false ? [] : ['orders.lost', 'orders.duplicated', 'orders.unexpected']),
  ],
  promises: ({ objectives }) => placingPromises(objectives),
  judge: (facts, plan) => {
    const unknown = plan.readsOrders === false ? [] : [notReadBack(facts)];
    return [...judgePlacing(facts, plan), ...(facts.orders === null ? unknown : readBack(facts, facts.orders))];
  },
};

function notReadBack(facts: Facts): Finding {
  const why = problemsAbout(facts, 'orders', 'load');
  const message = `Whether orders were lost or duplicated is unknown: ${why.join('; ') || 'orders were not read back'}.`;
  return { id: 'orders.read-back', title: 'Orders read back', outcome: 'inconclusive', message, evidence: {} };
}

function readBack(facts: Facts, orders: OrderFacts): Finding[] {
  const { attempted, acknowledged } = facts.placing ?? { attempted: 0, acknowledged: 0 };
  const doubts = problemsAbout(facts, 'orders', 'load');
  const findings = [
    passUnlessInDoubt(lost(orders, acknowledged), doubts),
    passUnlessInDoubt(duplicated(orders), doubts),
    ...wrong(orders).map((finding) => passUnlessInDoubt(finding, doubts)),
    // Attempts that k6 could not record look like orders that nobody sent; what it dropped was never sent.
    unlessInDoubt(unexpected(orders, attempted), [...doubts, ...generatorEndDoubts(facts)]),
  ];
  const nothing = acknowledged === 0 ? ['no order was acknowledged'] : [];
  return findings.map((finding) => passUnlessInDoubt(finding, nothing));
}

function lost({ lost, lostPerhaps = 0, lostKeys }: OrderFacts, acknowledged: number): Finding {
  const seen = `${number(lost, 0)} of ${counted(acknowledged, 'acknowledged order')} ${lost === 1 ? 'is' : 'are'} not in the database`;
  const perhaps = lostPerhaps > 0 ? `, unless in rows that could not be read (at most ${number(lostPerhaps, 0)})` : '';
  return {
    id: 'orders.lost',
    title: 'Lost orders',
    outcome: lost > lostPerhaps ? 'fail' : lost > 0 ? 'inconclusive' : 'pass',
    message: `${seen}${perhaps}.`,
    evidence: { lost, acknowledged, keys: lostKeys.join(' ') },
  };
}

function duplicated({ duplicated, persisted, duplicatedKeys }: OrderFacts): Finding {
  return {
    id: 'orders.duplicated',
    title: 'Duplicate orders',
    outcome: duplicated > 0 ? 'fail' : 'pass',
    message: `${number(duplicated, 0)} of ${counted(persisted, 'order')} ${duplicated === 1 ? 'is' : 'are'} in the database more than once.`,
    evidence: { duplicated, persisted, keys: duplicatedKeys.join(' ') },
  };
}

/** No finding where nothing could be compared: shoppers did not report what they asked for. */
function wrong({ wrong, compared, persisted, wrongKeys }: OrderFacts): Finding[] {
  if (compared === null && !wrong) return [];
  const finding = {
    id: 'orders.wrong',
    title: 'Wrong orders',
    evidence: { wrong, compared, persisted, keys: wrongKeys.join(' ') },
  };
  const others = 'from what was ordered or confirmed';
  if (wrong) {
    const message = `${number(wrong, 0)} of ${counted(persisted, 'order')} in the database ${wrong === 1 ? 'differs' : 'differ'} ${others}.`;
    return [{ ...finding, outcome: 'fail', message }];
  }
  if (compared === persisted)
    return [
      { ...finding, outcome: 'pass', message: `0 of ${counted(persisted, 'order')} in the database differ ${others}.` },
    ];
  const message = `Lines and total of only ${number(compared ?? 0, 0)} of ${counted(persisted, 'order')} in the database could be compared with what was ordered and confirmed.`;
  return [{ ...finding, outcome: 'inconclusive', message }];
}

function unexpected({ unexpected, scope }: OrderFacts, attempted: number): Finding {
  const only = scope === 'run' ? " Only orders with the run's keys could be checked." : '';
  return {
    id: 'orders.unexpected',
    title: 'Unexpected orders',
    outcome: unexpected > 0 ? 'fail' : 'pass',
    message: `The database holds ${counted(unexpected, 'order')} that nobody attempted, besides those of ${counted(attempted, 'attempt')}.${only}`,
    evidence: { unexpected, attempted, scope },
  };
}
