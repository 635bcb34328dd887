import { describe, expect, it } from 'vitest';
import { at, budget, dropped, findingOf, good, plan, recovery } from '../../tests/support/test-drill.ts';
import type { BudgetFact, Facts, RecoveryFact } from '../model/facts.ts';
import { judge } from './judge.ts';

const api = (some: Partial<BudgetFact>, facts: Partial<Facts> = {}): Partial<Facts> => ({
  budgets: [budget('api', { good: 36_000, ...some }), budget('checkout')],
  ...facts,
});
const ofApi = (some: Partial<BudgetFact>, facts: Partial<Facts> = {}) =>
  findingOf('error-budget.api', api(some, facts));
const firing = budget('api').alerts.map((alert) => ({ ...alert, firedAtMs: at(41) }));

describe('the error budget', () => {
  // 0.05 % of 30 days: 79,792.128 bad events at 61.568 API calls/s, 3,151.872 at 2.432 checkouts/s.
  it.each([
    ['api', 19_948, 0.25, 'pass'],
    ['api', 19_949, 0.250012, 'fail'],
    ['checkout', 787, 0.249693, 'pass'],
    ['checkout', 788, 0.25001, 'fail'],
  ] as const)(
    'of %s is its own: %d bad events burn %d of it, and none of the other',
    (path, bad, burnedRatio, outcome) => {
      const other = path === 'api' ? 'checkout' : 'api';
      const facts = { ...good, budgets: [budget(path, { bad }), budget(other, { bad: 0 })] };
      const { promises } = judge(facts, plan).errorBudget;
      expect(promises.find((one) => one.path === path)).toMatchObject({ badEvents: bad, burnedRatio, outcome });
      expect(promises.find((one) => one.path === other)).toMatchObject({ burnedRatio: 0, outcome: 'pass' });
    },
  );

  it('is of the paths alone that are promised something', () => {
    const objectives = { ...plan.objectives, latency: plan.objectives.latency.filter(({ path }) => path === 'api') };
    const { errorBudget, findings } = judge(good, { ...plan, objectives });
    expect(errorBudget.promises.map(({ path }) => path)).toEqual(['api']);
    expect(findings.filter(({ id }) => id.startsWith('error-budget')).map(({ id }) => id)).toEqual([
      'error-budget.api',
    ]);
  });

  it('tells what the same outage would burn at the reference platform, and whether somebody would have been paged', () => {
    // The reference peak is 9.375 times 640 requests/s, and 9.375 times that of the baseline's budget: 600 against 64 requests/s.
    const { message, evidence } = ofApi({ bad: 640 });
    expect(evidence).toMatchObject({
      isLowerBound: false,
      referencePeakRatePerSecond: 6_000,
      referenceBadEvents: 6_000,
      referenceBurnedRatio: 0.008021,
      wouldHavePaged: false,
      pagedAt: null,
      wouldHaveFiledTicket: true,
      ticketAt: new Date(at(41)).toISOString(),
      highestBurnRate: 7.2,
    });
    expect(message).toBe(
      "640 bad API calls (first tries alone) burned 0.8 % of the 30-day budget; a drill may burn 25 %. Burn-rate alerts would not have paged: at most 7.2 of 14.4 times the budget's rate.",
    );
    expect(ofApi({ alerts: firing }).message).toMatch('would have paged 11 s after the injection.');
  });

  it('is unknown without events', () => {
    for (const budgets of [null, [], [budget('api', { good: 0, bad: 0 })]]) {
      expect(findingOf('error-budget.api', { budgets }).outcome).toBe('inconclusive');
      expect(judge({ ...good, budgets }, plan).errorBudget.promises[0]?.outcome).toBe('inconclusive');
    }
    expect(judge({ ...good, budgets: null }, plan).errorBudget.promises[0]).toMatchObject({
      badEvents: null,
      burnedRatio: null,
    });
  });
});

describe('the error budget of an outage that was still open when the load ended', () => {
  const open = { openAtEnd: true };

  it('is a lower bound: it cannot be within the budget, and nobody knows that it would not have paged', () => {
    const { outcome, message, evidence } = ofApi({ bad: 640, ...open });
    expect(outcome).toBe('inconclusive');
    expect(message).toBe(
      "640 bad API calls (first tries alone) burned at least 0.8 % of the 30-day budget; a drill may burn 25 %. Calls were still bad when the load ended. Whether burn-rate alerts would have paged is unknown: 7.2 of 14.4 times the budget's rate up to then.",
    );
    expect(evidence).toMatchObject({ isLowerBound: true, wouldHavePaged: null, wouldHaveFiledTicket: true });
    expect(judge({ ...good, ...api(open) }, plan).errorBudget.promises[0]).toMatchObject({
      isLowerBound: true,
      outcome: 'inconclusive',
    });
  });

  it('is broken when the lower bound alone is too much, and what fired has fired', () => {
    expect(ofApi({ bad: 19_949, ...open }).outcome).toBe('fail');
    expect(ofApi({ alerts: firing, ...open }).evidence.wouldHavePaged).toBe(true);
  });

  it('is one too where the path that its calls go by had not recovered', () => {
    const away = (path: RecoveryFact['path']): Partial<Facts> => ({
      recovery: [recovery(path, { recovered: false, serviceRestoredMs: null })],
    });
    const lowerBound = (id: string, path: RecoveryFact['path']) => findingOf(id, away(path)).evidence.isLowerBound;
    expect(lowerBound('error-budget.checkout', 'write')).toBe(true);
    expect(lowerBound('error-budget.api', 'write')).toBe(false);
    expect(lowerBound('error-budget.api', 'read')).toBe(true);
  });
});

describe('a doubt about the error budget', () => {
  it('of what k6 did not send takes a pass away only when that could burn too much', () => {
    expect(ofApi({ bad: 19_918 }, dropped).outcome).toBe('pass');
    expect(ofApi({ bad: 19_919 }, dropped).outcome).toBe('inconclusive');
    expect(ofApi({ bad: 19_949 }, dropped).outcome).toBe('fail');
  });

  it('of seconds that the host robbed takes a fail away only when that rests on them', () => {
    expect(ofApi({ bad: 20_000, robbedBad: 51 }).outcome).toBe('fail');
    expect(ofApi({ bad: 20_000, robbedBad: 52 }).outcome).toBe('inconclusive');
    expect(ofApi({ bad: 640, robbedBad: 600 }).outcome).toBe('pass');
  });
});
