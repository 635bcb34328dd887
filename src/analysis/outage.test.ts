import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaneProbes } from './lane-probes.ts';
import { recoverLane } from './outage.ts';

const second = 1_000_000;
const intervalUs = 10_000;
const injectedUs = 5 * second;
const limitUs = 100_000;

/** A lane of 100 probes a second from 0 on; `bad` and `slow` say which intended instants fail or take 300 ms. */
function laneOf(shape: {
  seconds?: number;
  bad?: (us: number) => boolean;
  slow?: (us: number) => boolean;
  unsent?: (us: number) => boolean;
}): LaneProbes {
  const { seconds = 40, bad = () => false, slow = () => false, unsent = () => false } = shape;
  const intendedUs = Array.from({ length: seconds * 100 }, (_, i) => i * intervalUs).filter((us) => !unsent(us));
  return {
    lane: 'edge-write-pooled',
    path: 'write',
    via: 'edge',
    replica: '',
    zone: '',
    connection: 'pooled',
    intervalUs,
    intendedUs,
    sentUs: intendedUs,
    endUs: intendedUs.map((us) => us + (slow(us) ? 300_000 : 5_000)),
    failed: intendedUs.map(bad),
  };
}

const between = (fromUs: number, toUs: number) => (us: number) => us >= fromUs && us < toUs;
const recover = (lane: LaneProbes, loadEndUs = 40 * second) => recoverLane(lane, injectedUs, loadEndUs, limitUs);

describe('a lane recovers', () => {
  it('from the first failed probe to the first of three seconds of good ones', () => {
    const result = recover(laneOf({ bad: between(6 * second, 9 * second) }));
    expect(result).toMatchObject({
      outage: true,
      recovered: true,
      outageStartUs: 6 * second,
      outageEndUs: 9 * second,
      serviceRestoredUs: 4 * second,
      performanceRestoredUs: 4 * second,
      badUs: 3 * second,
      flaps: 0,
    });
  });

  it('at once when nothing failed', () => {
    const result = recover(laneOf({}));
    expect(result).toMatchObject({ outage: false, recovered: true, serviceRestoredUs: 0, performanceRestoredUs: 0 });
    expect(result.outageStartUs).toBeNull();
  });

  it('without regard to what failed before the injection', () => {
    expect(recover(laneOf({ bad: between(2 * second, 3 * second) })).outage).toBe(false);
  });

  it('not while good answers last less than three seconds', () => {
    const bad = (us: number) => us >= 6 * second && us % (2.5 * second) < 20_000;
    const result = recover(laneOf({ bad }));
    expect(result).toMatchObject({ outage: true, recovered: false, outageEndUs: null, serviceRestoredUs: null });
    expect(result.observedUs).toBe(35 * second);
  });

  it('not when the load ends before three good seconds were seen', () => {
    expect(recover(laneOf({ bad: between(6 * second, 37.5 * second) })).recovered).toBe(false);
    expect(recover(laneOf({ bad: between(6 * second, 37 * second) })).recovered).toBe(true);
    expect(recover(laneOf({ bad: between(6 * second, 9 * second) }), 11 * second).recovered).toBe(false);
  });

  it('not in silence: seconds in which too few probes were sent are no good ones', () => {
    const lane = laneOf({ bad: between(6 * second, 7 * second), unsent: between(7.5 * second, 12 * second) });
    const result = recover(lane);
    expect(result.outageEndUs).toBe(12 * second);
    expect(result.sentShare).toBeCloseTo(30.5 / 35, 3);
  });

  it('with the time after a failed probe in which none was sent as bad time, and none after a good one', () => {
    const lane = laneOf({ bad: between(6 * second, 7 * second), unsent: between(6.5 * second, 9 * second) });
    expect(recover(lane).badUs).toBe(3 * second);
    const late = laneOf({ bad: between(6 * second, 7 * second), unsent: between(7.5 * second, 9 * second) });
    expect(recover(late).badUs).toBe(1 * second);
  });

  it('with a flap when a twentieth of a second fails again, and is restored after the last', () => {
    const bad = (us: number) => between(6 * second, 8 * second)(us) || between(20 * second, 20.05 * second)(us);
    expect(recover(laneOf({ bad }))).toMatchObject({ flaps: 1, outageEndUs: 20_050_000, badUs: 2_050_000 });
  });

  it('without a flap when fewer fail, which count as bad time only', () => {
    const bad = (us: number) => between(6 * second, 8 * second)(us) || between(20 * second, 20.04 * second)(us);
    expect(recover(laneOf({ bad }))).toMatchObject({ flaps: 0, outageEndUs: 8 * second, badUs: 2_040_000 });
  });

  it('its speed later than its service when it answers slowly at first', () => {
    const result = recover(laneOf({ bad: between(6 * second, 8 * second), slow: between(8 * second, 11 * second) }));
    expect(result).toMatchObject({ serviceRestoredUs: 3 * second, performanceRestoredUs: 6 * second });
  });

  it('its speed in spite of one slow probe in a hundred', () => {
    const slow = (us: number) => us % second === 500_000;
    expect(recover(laneOf({ slow })).performanceRestoredUs).toBe(0);
    const twice = (us: number) => us % (second / 2) === 250_000;
    expect(recover(laneOf({ slow: twice })).performanceRestoredUs).toBeNull();
  });

  it('from any single outage, to the probe', () => {
    const instant = fc.integer({ min: 500, max: 3_000 }).map((step) => step * intervalUs);
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 600 }), (startUs, probes) => {
        const endUs = startUs + probes * intervalUs;
        const result = recover(laneOf({ bad: between(startUs, endUs) }));
        expect(result.outageStartUs).toBe(startUs);
        expect(result.outageEndUs).toBe(endUs);
        expect(result.badUs).toBe(probes * intervalUs);
        expect(result.serviceRestoredUs).toBe(endUs - injectedUs);
      }),
      { numRuns: 60 },
    );
  });

  it('from any pattern of failures: after the end no second has a twentieth failed, and the first three have none', () => {
    const failures = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 3_999 }), length: fc.integer({ min: 1, max: 80 }) }),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(failures, (bursts) => {
        const bad = (us: number) =>
          bursts.some(({ at, length }) => between(at * intervalUs, (at + length) * intervalUs)(us));
        const result = recover(laneOf({ bad }));
        const badAfter = (fromUs: number, toUs: number) => {
          let count = 0;
          for (let us = fromUs; us < Math.min(toUs, 40 * second); us += intervalUs) if (bad(us)) count += 1;
          return count;
        };
        expect(result.badUs).toBe(badAfter(injectedUs, 40 * second) * intervalUs);
        expect(result.outage).toBe(result.badUs > 0);
        if (!result.recovered || result.outageEndUs === null) return;
        const endUs = result.outageEndUs;
        expect(bad(endUs - intervalUs)).toBe(true);
        expect(badAfter(endUs, endUs + 3 * second)).toBe(0);
        for (let us = endUs; us < 40 * second; us += intervalUs) expect(badAfter(us, us + second)).toBeLessThan(5);
      }),
      { numRuns: 30 },
    );
  });
});
