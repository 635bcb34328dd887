import { describe, expect, it } from 'vitest';
import { coverage, independent, type RecordedPhase, recordedSpells } from '../../bench/coverage/simulate.ts';
import recorded from '../../fixtures/spells.json' with { type: 'json' };
import { failLimit, passLimit } from './binomial.ts';
import { judgeShare } from './share-bounds.ts';

/** Calls that come by themselves, so few a second that no spell holds two. */
const alone = { seconds: Number.POSITIVE_INFINITY, designEffect: 1, degreesOfFreedom: null };

describe('bounds of a share of bad calls', () => {
  it.each([1_000, 10_000, 100_000])('are those of the binomial when %d calls come by themselves', (count) => {
    const bounds = judgeShare({ count, bad: 1, spread: alone }, 0.01);
    expect([bounds.passesUpTo, bounds.failsFrom]).toEqual([passLimit(count, 0.01), failLimit(count, 0.01)]);
    expect(bounds.independentCalls).toBe(count);
  });

  const peak = (bad: number, designEffect: number | null, degreesOfFreedom: number | null) =>
    judgeShare({ count: 13_000, bad, spread: { seconds: 22, designEffect, degreesOfFreedom } }, 0.01);

  it('take spells to be 50 ms long at the least, so that 22 s with a bad call say as much as 426 independent calls', () => {
    const { independentCalls, passesUpTo } = peak(20, 1, 21);
    expect(independentCalls).toBe(425);
    expect(passesUpTo).toBe(22);
  });

  it('pass on a quiet host: without a bad call, and with a few that came together', () => {
    expect(peak(0, null, null).outcome).toBe('pass');
    expect(peak(12, 12.6, 2.2).outcome).toBe('pass');
    expect(
      judgeShare({ count: 520, bad: 0, spread: { seconds: 22, designEffect: null, degreesOfFreedom: null } }, 0.01)
        .outcome,
    ).toBe('pass');
  });

  it('say nothing of one long spell, which may come rarely or often, and fail when spells keep coming', () => {
    expect(peak(400, 415, 2.2).outcome).toBe('inconclusive');
    expect(peak(1_600, 140, 9).outcome).toBe('fail');
  });

  it('trust an estimate from few spells less', () => {
    expect(peak(40, 35, 20).independentCalls).toBeGreaterThan(1.5 * peak(40, 35, 3).independentCalls);
  });

  it('never pass what they do not pass with fewer bad calls', () => {
    for (let bad = 1; bad < 300; bad += 1)
      if (peak(bad, 3, 15).outcome === 'pass') expect(peak(bad - 1, 3, 15).outcome).toBe('pass');
  });
});

/** p99 is exactly the limit: every pass and every fail is false. Sample sizes and spells of the smoke profile's peak. */
describe('of 2,000 simulated runs whose true p99 is the limit, at most 5 % pass and 5 % fail', () => {
  const spellsOf = (path: string) => recordedSpells((recorded as RecordedPhase[]).filter((one) => one.path === path));
  it.each([
    ['API calls, in spells as recorded', spellsOf('api'), 577],
    ['checkouts, in spells as recorded', spellsOf('checkout'), 23],
    ['API calls, independent', independent, 577],
    ['checkouts, independent', independent, 23],
  ])('%s', (_, model, callsPerSecond) => {
    const at = (badShare: number) =>
      coverage(model, { seconds: 22, callsPerSecond, badShare }, { runs: 2_000, seed: 11 });
    const { pass, fail } = at(0.01);
    expect(pass).toBeLessThanOrEqual(0.05);
    expect(fail).toBeLessThanOrEqual(0.05);
    expect(at(0.05).fail).toBeGreaterThan(0.9);
    expect(at(0.0005).pass).toBeGreaterThan(0.7);
  });

  it('where bounds for independent calls would be wrong most of the time', () => {
    const phase = { seconds: 22, callsPerSecond: 577, badShare: 0.01 };
    const { pass, fail, designEffect } = coverage(spellsOf('api'), phase, {
      runs: 2_000,
      seed: 11,
      asIfIndependent: true,
    });
    expect(designEffect).toBeGreaterThan(20);
    expect(pass + fail).toBeGreaterThan(0.5);
  });
});
