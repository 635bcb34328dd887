import type { Facts, OrderFacts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { generatorEndDoubts, passUnlessInDoubt, problemsAbout, unlessInDoubt } from './doubts.ts';
import { counted, number } from './words.ts';

/**
 * What became of every order that the shop acknowledged or was asked for. No finding where they were never to be read
 * back: the run's fidelity says so, and the row knows nothing.
 */
export const orders: Checker = {
  id: 'orders',
  title: 'Orders',
  findings: (plan) => (plan.readsOrders === false ? [] : ['orders.lost', 'orders.duplicated', 'orders.unexpected']),
  promises: () => [],
  judge: (facts, plan) => {
    if (facts.orders !== null) return readBack(facts, facts.orders);
    return plan.readsOrders === false ? [] : [notReadBack(facts)];
  },
};

function notReadBack(facts: Facts): Finding {
  const why = problemsAbout(facts, 'orders', 'load');
  const message = `Whether orders were lost or duplicated is unknown: ${why.join('; ') || 'orders were not read back'}.`;
  return { id: 'orders.read-back', title: 'Orders read back', outcome: 'inconclusive', message, evidence: {} };
}

function readBack(facts: Facts, orders: OrderFacts): Finding[] {
  const doubts = problemsAbout(facts, 'orders', 'load');
  return [
    passUnlessInDoubt(lost(orders), doubts),
    passUnlessInDoubt(duplicated(orders), doubts),
    // Attempts that k6 could not write down look like orders nobody sent; what it dropped was never sent.
    unlessInDoubt(unexpected(orders), [...doubts, ...generatorEndDoubts(facts)]),
  ];
}

function lost({ lost, acknowledged, lostKeys }: OrderFacts): Finding {
  const finding = {
    id: 'orders.lost',
    title: 'Lost orders',
    evidence: { lost, acknowledged, keys: lostKeys.join(' ') },
  };
  if (acknowledged === 0)
    return { ...finding, outcome: 'inconclusive', message: 'No order was acknowledged, so none could be lost.' };
  const message = `${number(lost, 0)} of ${counted(acknowledged, 'acknowledged order')} ${lost === 1 ? 'is' : 'are'} not in the database.`;
  return { ...finding, outcome: lost > 0 ? 'fail' : 'pass', message };
}

function duplicated({ duplicated, persisted, duplicatedKeys }: OrderFacts): Finding {
  const message = `${number(duplicated, 0)} of ${counted(persisted, 'order')} in the database ${duplicated === 1 ? 'is' : 'are'} there more than once.`;
  return {
    id: 'orders.duplicated',
    title: 'Duplicate orders',
    outcome: persisted === 0 ? 'inconclusive' : duplicated > 0 ? 'fail' : 'pass',
    message,
    evidence: { duplicated, persisted, keys: duplicatedKeys.join(' ') },
  };
}

function unexpected({ unexpected, attempted }: OrderFacts): Finding {
  return {
    id: 'orders.unexpected',
    title: 'Unexpected orders',
    outcome: unexpected > 0 ? 'fail' : 'pass',
    message: `${counted(unexpected, 'order')} in the database ${unexpected === 1 ? 'was' : 'were'} never attempted, of ${number(attempted, 0)} attempted.`,
    evidence: { unexpected, attempted },
  };
}
