import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../scenarios/traffic/random.ts';
import { type AgreementSecond, agreementOf } from './agreement.ts';

/** This many seconds of 60 calls and 112 probes, of which these shares fail. */
const seconds = (count: number, shareOf: (second: number) => { k6: number; probes: number }): AgreementSecond[] =>
  Array.from({ length: count }, (_, second) => {
    const { k6, probes } = shareOf(second);
    return {
      atMs: second * 1_000,
      k6: { failed: Math.round(60 * k6), total: 60 },
      probes: { failed: Math.round(112 * probes), total: 112 },
    };
  });
const contradictions = (some: AgreementSecond[]) => agreementOf('read', some).contradictions;
const within = (second: number, from: number, to: number): number => (second >= from && second < to ? 1 : 0);

describe('two instruments contradict each other', () => {
  it('when all of the one fails and nothing of the other, for as long as it lasts', () => {
    expect(
      agreementOf(
        'write',
        seconds(20, () => ({ k6: 1, probes: 0 })),
      ),
    ).toEqual({
      path: 'write',
      contradictions: [{ fromMs: 0, toMs: 20_000, k6FailedShare: 1, probeFailedShare: 0 }],
    });
  });

  it('when the probes fail and the calls do not', () => {
    const found = contradictions(seconds(60, (second) => ({ k6: 0, probes: within(second, 20, 30) })));
    expect(found).toHaveLength(1);
    const [{ fromMs, toMs, k6FailedShare, probeFailedShare }] = found as [(typeof found)[number]];
    // A window counts once half of it differs.
    expect([fromMs, toMs]).toEqual([18_000, 32_000]);
    expect(k6FailedShare).toBe(0);
    expect(probeFailedShare).toBeCloseTo(10 / 14);
  });

  it('each time anew', () => {
    const twice = (second: number) => within(second, 10, 16) + within(second, 40, 46);
    expect(contradictions(seconds(60, (second) => ({ k6: twice(second), probes: 0 })))).toHaveLength(2);
  });
});

describe('two instruments do not contradict each other', () => {
  it('when both see the same outage, one of them a second later', () => {
    const some = seconds(60, (second) => ({ k6: within(second, 20, 30), probes: within(second, 21, 31) }));
    expect(contradictions(some)).toEqual([]);
  });

  it('when only one sees a failure of one second', () => {
    expect(contradictions(seconds(60, (second) => ({ k6: within(second, 20, 21), probes: 0 })))).toEqual([]);
  });

  it('when a third of the calls fails, for things that no probe asks for', () => {
    expect(contradictions(seconds(60, () => ({ k6: 0.33, probes: 0 })))).toEqual([]);
  });

  it('when there is too little of one to tell', () => {
    const some = seconds(60, () => ({ k6: 1, probes: 0 })).map((one) => ({ ...one, k6: { failed: 0, total: 0 } }));
    expect(contradictions(some)).toEqual([]);
    const first = some.map((one, second) => ({
      ...one,
      k6: { failed: within(second, 3, 4), total: within(second, 3, 4) },
    }));
    expect(contradictions(first)).toEqual([]);
    expect(contradictions([])).toEqual([]);
  });

  it('beyond the rate of false alarms, when the same share of both fails at random', () => {
    const runs = 300;
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      const random = seededRandom(run);
      const shareFailed = random();
      const counts = (total: number) => ({
        total,
        failed: Array.from({ length: total }, random).filter((one) => one < shareFailed).length,
      });
      const some = Array.from({ length: 60 }, (_, second) => ({
        atMs: second * 1_000,
        k6: counts(2),
        probes: counts(4),
      }));
      if (contradictions(some).length > 0) alarms += 1;
    }
    expect(alarms / runs).toBeLessThanOrEqual(0.01);
  });
});

it('gives the value of the textbook: Fisher has eight cups of tea in pairs of four, of which six are right', () => {
  // P = 2 * 17/70 is far from any level; 8 right of 8 have 2 * 1/70, which one window at 0.01 does not take either.
  const cups = (right: number): AgreementSecond[] =>
    Array.from({ length: 5 }, (_, second) => ({
      atMs: second * 1_000,
      k6: second === 0 ? { failed: right, total: 4 } : { failed: 0, total: 0 },
      probes: second === 0 ? { failed: 4 - right, total: 4 } : { failed: 0, total: 0 },
    }));
  expect(contradictions(cups(3))).toEqual([]);
  expect(contradictions(cups(4))).toEqual([]);
  // With five each it is 2 / 252, which is below 0.01.
  const five = cups(4).map((one, second) =>
    second === 0 ? { ...one, k6: { failed: 5, total: 5 }, probes: { failed: 0, total: 5 } } : one,
  );
  expect(contradictions(five)).toHaveLength(1);
});

it('more failures of the one alone never end a contradiction', () => {
  assert(
    property(integer({ min: 30, max: 60 }), integer({ min: 0, max: 30 }), (failed, more) => {
      const of = (count: number) => seconds(10, () => ({ k6: Math.min(60, count) / 60, probes: 0 }));
      return contradictions(of(failed)).length <= contradictions(of(failed + more)).length;
    }),
  );
});
