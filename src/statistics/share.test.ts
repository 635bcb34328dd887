import cdf from '@stdlib/stats-base-dists-binomial-cdf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage, independent, type RecordedPhase, recordedSpells } from '../../bench/coverage/simulate.ts';
import recorded from '../../fixtures/spells.json' with { type: 'json' };
import { type Events, fewestToPass, noDoubt, shareBounds } from './share.ts';

const error = 0.05;

/** Calls that come so few a second that no spell holds two. */
const alone = (count: number, bad: number): Events => ({
  count,
  badBySecond: Array<number>(bad).fill(1),
  seconds: Number.POSITIVE_INFINITY,
});

describe('bounds of a share of bad events', () => {
  it('are the exact binomial ones when events come by themselves', () => {
    const share = fc.double({ min: 0.001, max: 0.1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), share, (count, share) => {
        const bad = Math.floor(count * share);
        const { low, high } = shareBounds(alone(count, bad), error);
        expect(cdf(bad, count, high)).toBeCloseTo(error, 6);
        if (bad > 0) expect(1 - cdf(bad - 1, count, low)).toBeCloseTo(error, 6);
        else expect(low).toBe(0);
      }),
    );
  });

  it.each([
    [0.01, 1_000, 4, 16],
    [0.01, 10_000, 83, 118],
    [0.01, 100_000, 948, 1_053],
    [0.001, 10_000, 4, 16],
  ])('a share of %d at %d events passes up to %d and fails from %d', (promised, count, pass, fail) => {
    expect(shareBounds(alone(count, pass), error).high).toBeLessThan(promised);
    expect(shareBounds(alone(count, pass + 1), error).high).toBeGreaterThan(promised);
    expect(shareBounds(alone(count, fail), error).low).toBeGreaterThan(promised);
    expect(shareBounds(alone(count, fail - 1), error).low).toBeLessThan(promised);
  });

  it('fail whatever is bad all the time, however few there were', () => {
    expect(shareBounds({ count: 19, badBySecond: [2, 3, 2, 3, 2, 3, 4], seconds: 7 }, error).low).toBeGreaterThan(0.01);
    expect(
      shareBounds({ count: 512, badBySecond: Array<number>(22).fill(23), seconds: 22 }, error).low,
    ).toBeGreaterThan(0.5);
  });

  it('say nothing of one long spell, which may come rarely or often, and fail when spells keep coming', () => {
    const peak = (badBySecond: number[]) => shareBounds({ count: 13_000, badBySecond, seconds: 22 }, error);
    expect(peak([415]).low).toBeLessThan(0.01);
    expect(peak([415]).high).toBeGreaterThan(0.01);
    expect(peak([200, 180, 220, 140, 160, 190, 210, 130]).low).toBeGreaterThan(0.01);
  });

  it('know the fewest events that pass with some bad ones', () => {
    expect([0, 1, 2, 3].map((bad) => fewestToPass(0.01, error, bad, 0))).toEqual([299, 473, 628, 773]);
    expect(fewestToPass(0.001, error, 0, 0)).toBe(2_995);
  });

  it('have no lower bound without events, and no upper one', () => {
    expect(shareBounds({ count: 0, badBySecond: [], seconds: 0 }, error)).toEqual({ low: 0, high: 1 });
  });
});

describe('worse evidence never looks better', () => {
  const events = fc
    .record({
      calls: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 }),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 }),
    })
    .map(({ calls, shares }) => ({
      calls,
      bad: calls.map((count, at) => Math.floor(count * (shares[at] as number) ** 4)),
    }));
  const boundsOf = (calls: number[], bad: number[], doubt = noDoubt) =>
    shareBounds({ count: calls.reduce((a, b) => a + b, 0), badBySecond: bad, seconds: calls.length }, error, doubt);
  const slack = 1e-9;

  it('when an event turns bad: both bounds rise or stay', () => {
    fc.assert(
      fc.property(events, fc.nat(), ({ calls, bad }, pick) => {
        const at = pick % calls.length;
        if ((bad[at] as number) >= (calls[at] as number)) return;
        const worse = bad.with(at, (bad[at] as number) + 1);
        const [one, other] = [boundsOf(calls, bad), boundsOf(calls, worse)];
        expect(other.low).toBeGreaterThanOrEqual(one.low - slack);
        expect(other.high).toBeGreaterThanOrEqual(one.high - slack);
      }),
      { numRuns: 2_000 },
    );
  });

  it('when an outage lasts longer: second by second, all calls bad', () => {
    fc.assert(
      fc.property(events, fc.nat(), ({ calls, bad }, pick) => {
        const from = pick % calls.length;
        let [worse, last] = [bad, boundsOf(calls, bad)];
        for (let at = from; at < calls.length; at += 1) {
          worse = worse.with(at, calls[at] as number);
          const next = boundsOf(calls, worse);
          expect(next.low).toBeGreaterThanOrEqual(last.low - slack);
          expect(next.high).toBeGreaterThanOrEqual(last.high - slack);
          last = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('and the order of seconds is nothing', () => {
    fc.assert(
      fc.property(events, ({ calls, bad }) => {
        expect(boundsOf(calls, bad.toReversed())).toEqual(boundsOf(calls, bad));
      }),
    );
  });

  it('a doubt widens both bounds, by no more than all of it could be', () => {
    fc.assert(
      fc.property(events, fc.nat({ max: 50 }), fc.nat({ max: 50 }), ({ calls, bad }, missing, explained) => {
        const [sure, doubtful] = [boundsOf(calls, bad), boundsOf(calls, bad, { missing, explained })];
        expect(doubtful.low).toBeLessThanOrEqual(sure.low + slack);
        expect(doubtful.high).toBeGreaterThanOrEqual(sure.high - slack);
      }),
    );
  });

  it('one dropped iteration beside 30 % failed calls leaves a fail a fail', () => {
    const bad = Array<number>(22).fill(170);
    expect(boundsOf(Array<number>(22).fill(577), bad, { missing: 10, explained: 0 }).low).toBeGreaterThan(0.2);
  });
});

/** p99 is exactly the limit: every pass and every fail is false. Sample sizes and spells of the smoke profile's peak. */
describe('of 1,000 simulated runs whose true p99 is the limit, at most 5 % pass and 5 % fail', () => {
  const spellsOf = (path: string) => recordedSpells((recorded as RecordedPhase[]).filter((one) => one.path === path));
  it.each([
    ['API calls, in spells as recorded', spellsOf('api'), 577],
    ['checkouts, in spells as recorded', spellsOf('checkout'), 23],
    ['API calls, independent', independent, 577],
    ['checkouts, independent', independent, 23],
  ])('%s', (_, model, callsPerSecond) => {
    const at = (badShare: number) =>
      coverage(model, { seconds: 22, callsPerSecond, badShare }, { runs: 1_000, seed: 11 });
    const { pass, fail } = at(0.01);
    expect(pass).toBeLessThanOrEqual(0.05);
    expect(fail).toBeLessThanOrEqual(0.05);
    expect(at(0.05).fail).toBeGreaterThan(0.9);
    expect(at(0.0005).pass).toBeGreaterThan(0.7);
  });

  it.each([
    ['API calls, in spells as recorded', spellsOf('api'), 577],
    ['checkouts, in spells as recorded', spellsOf('checkout'), 23],
    ['API calls, independent', independent, 577],
  ])('and no more when an undecided run is held on twice: %s', (_, model, callsPerSecond) => {
    const at = (badShare: number) =>
      coverage(model, { seconds: 22, callsPerSecond, badShare }, { runs: 1_000, seed: 11, holdOnTimes: 2 });
    const { pass, fail } = at(0.01);
    expect(pass).toBeLessThanOrEqual(0.05);
    expect(fail).toBeLessThanOrEqual(0.05);
    expect(at(0.0005).pass).toBeGreaterThan(0.95);
  });

  it('where bounds for independent calls would be wrong most of the time', () => {
    const phase = { seconds: 22, callsPerSecond: 577, badShare: 0.01 };
    const { pass, fail, designEffect } = coverage(spellsOf('api'), phase, {
      runs: 1_000,
      seed: 11,
      asIfIndependent: true,
    });
    expect(designEffect).toBeGreaterThan(20);
    expect(pass + fail).toBeGreaterThan(0.5);
  });
});
