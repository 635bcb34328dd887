import fc from 'fast-check';
import { expect, it } from 'vitest';
import { good, plan } from '../../tests/support/test-drill.ts';
import type { Facts, OrderFacts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { outcomes } from '../model/verdict.ts';
import { orders as checker } from './judge-orders.ts';

interface Order {
  told: 'acknowledged' | 'rejected' | 'unanswered' | 'silent' | 'overdue' | 'on its way';
  copies: number;
  wrong: boolean;
  compared: boolean;
}
const fine: Order = { told: 'acknowledged', copies: 1, wrong: false, compared: true };

/** What analysis would count for them. */
function factsOf(orders: Order[], asks: boolean, unexpected: number): Pick<Facts, 'placing' | 'orders'> {
  const how = (condition: (one: Order) => boolean) => orders.filter(condition).length;
  const unsure = ({ told }: Order) => told !== 'acknowledged' && told !== 'rejected';
  const wrong = how((one) => one.wrong || (one.told === 'rejected' && one.copies > 0));
  const compared = how((one) => one.copies > 0 && one.compared);
  return {
    placing: {
      attempted: orders.length,
      acknowledged: how(({ told }) => told === 'acknowledged'),
      rejected: how(({ told }) => told === 'rejected'),
      indeterminate: how(unsure),
      silent: how((one) => unsure(one) && one.told !== 'unanswered'),
      late: how(({ told }) => told === 'overdue' || told === 'on its way'),
      overdue: how(({ told }) => told === 'overdue'),
    },
    orders: {
      scope: 'all',
      persisted: how(({ copies }) => copies > 0),
      lost: how(({ told, copies }) => told === 'acknowledged' && copies === 0),
      duplicated: how(({ copies }) => copies > 1),
      recovered: how((one) => unsure(one) && one.copies > 0),
      unexpected,
      wrong: wrong === 0 && (!asks || compared === 0) ? null : wrong,
      compared: asks ? compared : null,
      lostKeys: [],
      duplicatedKeys: [],
      wrongKeys: [],
    },
  };
}

const order: fc.Arbitrary<Order> = fc.record({
  told: fc.constantFrom<Order['told']>('acknowledged', 'rejected', 'unanswered', 'silent', 'overdue', 'on its way'),
  copies: fc.constantFrom(0, 1, 1, 2),
  wrong: fc.boolean(),
  compared: fc.boolean(),
});
const manyFine = fc.integer({ min: 0, max: 300 }).map((count): Order[] => Array(count).fill(fine));
const run = fc.record({
  others: fc.oneof(
    { weight: 1, arbitrary: fc.constant<Order[]>([]) },
    { weight: 3, arbitrary: fc.array(order, { maxLength: 8 }) },
  ),
  fines: manyFine,
  asks: fc.boolean(),
  unexpected: fc.constantFrom(0, 0, 0, 1),
  dropped: fc.constantFrom(0, 0, 1, 40, null),
  exitCode: fc.constantFrom(0, 0, 137, null),
  problems: fc.constantFrom<Facts['problems'][]>([], [], [{ about: 'load', message: 'rows are broken' }]),
  readBack: fc.constantFrom(true, true, false),
  objective: fc.constantFrom(undefined, { maxUnansweredRatio: 0.01, maxRejectedRatio: 0 }),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

/** Outcomes of the findings about orders, by their ids. */
function judged({ others, asks, unexpected, readBack, objective, ...one }: Run, orders: Order[]): Map<string, number> {
  const counted = factsOf([...others, ...orders], asks, unexpected);
  const { dropped, exitCode, problems } = one;
  const load = { ...good.load, dropped, generator: { ...good.load.generator, exitCode } };
  const facts: Facts = { ...good, ...counted, ...(readBack ? {} : { orders: null }), load, problems };
  const objectives = { ...plan.objectives, ...(objective && { orders: objective }) };
  const findings = checker.judge(facts, { ...plan, objectives } satisfies Plan);
  return new Map(findings.map(({ id, outcome }) => [id, outcome === null ? -1 : outcomes.indexOf(outcome)]));
}

const worse: Record<string, Partial<Order>> = {
  lost: { copies: 0 },
  duplicated: { copies: 2 },
  wrong: { wrong: true },
  unanswered: { told: 'unanswered' },
  'unanswered and not there': { told: 'unanswered', copies: 0 },
  'waited for in vain when the load ended': { told: 'overdue', copies: 0 },
  rejected: { told: 'rejected', copies: 0 },
  'rejected and there': { told: 'rejected' },
};

it.each(Object.keys(worse))('an order that is %s makes no finding better', (kind) => {
  fc.assert(
    fc.property(run, fc.integer({ min: 1, max: 40 }), (one, many) => {
      const before = judged(one, [...one.fines, ...Array(many).fill(fine)]);
      const after = judged(one, [...one.fines, ...Array(many).fill({ ...fine, ...worse[kind] })]);
      for (const [id, outcome] of before)
        expect(after.get(id) ?? -1, `${id} was ${outcomes[outcome]}`).toBeGreaterThanOrEqual(outcome);
    }),
    { numRuns: 1_000, seed: 14 },
  );
});

it('nothing passes without an acknowledged order', () => {
  fc.assert(
    fc.property(run, (one) => {
      const others = one.others.filter(({ told }) => told !== 'acknowledged');
      for (const [id, outcome] of judged({ ...one, others }, [])) expect(outcomes[outcome], id).not.toBe('pass');
    }),
    { numRuns: 1_000, seed: 14 },
  );
});

const placed = (orders: Order[], { dropped = 0 } = {}) => {
  const objective = { maxUnansweredRatio: 0.01, maxRejectedRatio: 0.01 };
  const facts = { ...good, ...factsOf(orders, true, 0), load: { ...good.load, dropped } };
  const findings = checker.judge(facts, { ...plan, objectives: { ...plan.objectives, orders: objective } });
  return findings.find(({ id }) => id === 'orders.unanswered');
};
const some = (count: number, told: Order['told']): Order[] => Array(count).fill({ ...fine, told, copies: 0 });
const acknowledged = (count: number): Order[] => Array(count).fill(fine);

it.each([
  ['half of them', some(100, 'unanswered'), {}, 'fail'],
  ['19 of 19', some(19, 'unanswered'), {}, 'fail'],
  ['half of them beside a few that k6 dropped', some(100, 'unanswered'), { dropped: 20 }, 'fail'],
  ['one of a hundred', some(1, 'unanswered'), {}, 'pass'],
  ['none, and two were on their way at the end', some(2, 'on its way'), {}, 'pass'],
  ['none, but many had waited in vain at the end', some(30, 'overdue'), {}, 'inconclusive'],
  ['none, but k6 dropped as many as decide it', [], { dropped: 2 }, 'inconclusive'],
])('orders that are never answered: %s', (_, orders, load, outcome) => {
  const enough = orders.length === 19 ? [] : acknowledged(100);
  expect(placed([...enough, ...orders], load)?.outcome).toBe(outcome);
});

it('rows that could not be read excuse as many lost orders as they may be, and nothing else', () => {
  const problems: Facts['problems'] = [{ about: 'orders', message: 'orders.csv.gz has rows that are no orders: 2' }];
  const outcomesOf = (some: Partial<OrderFacts>) => {
    const findings = checker.judge({ ...good, problems, orders: good.orders && { ...good.orders, ...some } }, plan);
    return Object.fromEntries(findings.map(({ id, outcome }) => [id, outcome]));
  };
  expect(outcomesOf({ lost: 3, lostPerhaps: 2 })).toMatchObject({ 'orders.lost': 'fail' });
  expect(outcomesOf({ lost: 2, lostPerhaps: 2 })).toMatchObject({ 'orders.lost': 'inconclusive' });
  expect(outcomesOf({ lost: 0, duplicated: 1 })).toMatchObject({
    'orders.lost': 'inconclusive',
    'orders.duplicated': 'fail',
  });
});

it('which orders could be looked at is said', () => {
  const { orders, ...facts } = { ...good };
  const said = (scope: 'all' | 'run') =>
    checker.judge({ ...facts, orders: orders && { ...orders, scope } }, plan).at(-1)?.message;
  expect(said('run')).toContain("Only orders with the run's keys could be checked.");
  expect(said('all')).not.toContain('Only');
});
