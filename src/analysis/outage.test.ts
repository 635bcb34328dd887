import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../scenarios/traffic/random.ts';
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
      serviceAtLeastUs: 3_990_000,
      performanceAtLeastUs: 3_990_000,
      badUs: 3 * second,
      flaps: 0,
    });
  });

  it('at once when nothing failed', () => {
    const result = recover(laneOf({}));
    expect(result).toMatchObject({ outage: false, recovered: true, serviceRestoredUs: 0, performanceRestoredUs: 0 });
    expect(result.outageStartUs).toBeNull();
  });

  it('when it was first seen to serve, where nothing was sent from the injection on', () => {
    const result = recover(laneOf({ unsent: between(injectedUs, injectedUs + 900_000) }));
    expect(result).toMatchObject({ outage: false, recovered: true, serviceRestoredUs: 900_000 });
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
    // The first answer comes after 300 ms; an answer usually takes 5 ms, and half an interval is unknown.
    expect(result).toMatchObject({ serviceRestoredUs: 3_290_000, performanceRestoredUs: 6 * second });
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
        fc.pre(probes >= 5 || startUs < injectedUs + 3 * second);
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

  it('from stray failures at once where three seconds were good before them, with an outage or without one', () => {
    const stray = between(20 * second, 20.04 * second);
    expect(recover(laneOf({ bad: stray }))).toMatchObject({ outage: false, serviceRestoredUs: 0, unserved: 4 });
    const early = (us: number) => between(5.5 * second, 5.51 * second)(us) || stray(us);
    expect(recover(laneOf({ bad: early }))).toMatchObject({ outage: true, serviceRestoredUs: 510_000, flaps: 0 });
  });

  it('not from failures that are more than promised in the long run, however they are spread', () => {
    const every = (us: number) => us >= 10 * second && us % (second / 4) === 0;
    const result = recover(laneOf({ bad: every }));
    expect(result).toMatchObject({ outage: true, outageStartUs: 10 * second, recovered: false });
    expect(recover(laneOf({ bad: (us) => us >= 10 * second && us % second === 0 })).outage).toBe(false);
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
        if (badAfter(injectedUs, injectedUs + 3 * second) > 0) expect(result.outage).toBe(true);
        if (result.outage) expect(result.badUs).toBeGreaterThan(0);
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

/**
 * From an instant on the shop answers nobody; those that wait are answered when that ends, if their time is not up
 * before.
 */
function held(startUs: number, endUs: number, shape: Parameters<typeof laneOf>[0] = {}): LaneProbes {
  const lane = laneOf(shape);
  const timeoutUs = 2 * second;
  const waits = (us: number) => between(startUs, endUs)(us);
  return {
    ...lane,
    endUs: lane.endUs.map((us, at) => {
      const sentUs = lane.sentUs[at] as number;
      return waits(sentUs) ? Math.min(endUs + 1_000, sentUs + timeoutUs) : us;
    }),
    failed: lane.failed.map((isFailed, at) => {
      const sentUs = lane.sentUs[at] as number;
      return isFailed || (waits(sentUs) && sentUs + timeoutUs < endUs);
    }),
  };
}

describe('a hang whose requests are answered when it ends', () => {
  it.each([
    ['shorter than a probe’s time-out', 1_200],
    ['as long', 2_000],
    ['longer', 3_400],
  ])('%s is timed to its end', (_, lengthMs) => {
    const [startUs, endUs] = [6 * second + 3_000, 6 * second + 3_000 + lengthMs * 1000];
    const result = recover(held(startUs, endUs));
    expect(result).toMatchObject({ outage: true, recovered: true, flaps: 0 });
    expect(Math.abs((result.outageStartUs as number) - startUs)).toBeLessThanOrEqual(intervalUs);
    expect(Math.abs((result.outageEndUs as number) - endUs)).toBeLessThanOrEqual(intervalUs);
    expect(result.endUncertaintyUs).toBeLessThanOrEqual(intervalUs + 1_000);
    expect(Math.abs(result.badUs - lengthMs * 1000)).toBeLessThanOrEqual(2 * intervalUs);
    expect(result.performanceRestoredUs).toBe(result.serviceRestoredUs);
  });

  it('for less than a second is slowness and no outage', () => {
    const result = recover(held(6 * second, 6.9 * second));
    expect(result).toMatchObject({ outage: false, serviceRestoredUs: 0, badUs: 0 });
    expect(result.degraded).toMatchObject({ startUs: 6 * second });
  });

  it('is none where the sentinel stood still and heard no answer', () => {
    const lane = laneOf({});
    const [fromUs, toUs] = [10 * second, 11.5 * second];
    const isLate = between(fromUs, toUs);
    const stalled = {
      ...lane,
      sentUs: lane.sentUs.map((us) => (isLate(us) ? toUs : us)),
      endUs: lane.endUs.map((us) => (isLate(us) ? toUs + 3_000 : us)),
    };
    expect(recover(stalled)).toMatchObject({ outage: false, serviceRestoredUs: 0, unserved: 0 });
  });

  it('is no less of an outage than a shop that takes as long for everybody', () => {
    const lane = laneOf({});
    const slow = between(6 * second, 9 * second);
    const dull = {
      ...lane,
      endUs: lane.endUs.map((us, at) => (slow(lane.sentUs[at] as number) ? us + 1.5 * second : us)),
    };
    expect(recover(dull)).toMatchObject({ outageStartUs: 6 * second, outageEndUs: 9 * second, badUs: 3 * second });
  });
});

describe('speed', () => {
  it('that is lost for two of every five seconds is not back before the last time', () => {
    const slow = (us: number) => us >= 6 * second && us % (5 * second) < 2 * second;
    const lane = laneOf({ slow, seconds: 60 });
    expect(recover(lane, 60 * second)).toMatchObject({ serviceRestoredUs: 0, performanceRestoredUs: 52 * second });
    expect(recover(lane, 59.9 * second)).toMatchObject({
      performanceRestoredUs: null,
      performanceAtLeastUs: 51_990_000,
    });
  });

  it('is not lost by one stall that the promise allows, also not just before the end', () => {
    for (const atUs of [12, 25, 39.4].map((at) => at * second)) {
      const stall = between(atUs, atUs + 0.4 * second);
      expect(recover(laneOf({ slow: stall }))).toMatchObject({ performanceRestoredUs: 0, degraded: null });
      const longer = between(atUs, atUs + 0.55 * second);
      expect(recover(laneOf({ slow: longer })).degraded).not.toBeNull();
    }
  });

  it('that a shop just keeps, with one slow answer in a hundred, is lost in few runs by chance', () => {
    const random = seededRandom(1);
    const runs = Array.from({ length: 100 }, () => {
      const slow = new Set(Array.from({ length: 12_000 }, (_, at) => at).filter(() => random() < 0.01));
      const lane = laneOf({ seconds: 120, slow: (us) => slow.has(us / intervalUs) });
      return recover(lane, 120 * second).performanceRestoredUs ?? Infinity;
    });
    expect(runs.filter((us) => us > 60 * second).length).toBeLessThanOrEqual(3);
  });
});

describe('what was not seen to its end', () => {
  it('may have been back since the last bad probe, and not before it', () => {
    const result = recover(laneOf({ bad: between(6 * second, 38 * second), slow: between(38 * second, 39 * second) }));
    expect(result).toMatchObject({ serviceRestoredUs: null, performanceRestoredUs: null, observedUs: 35 * second });
    expect(result).toMatchObject({ serviceAtLeastUs: 32_990_000, performanceAtLeastUs: 33_990_000 });
  });

  it('was never back while it was watched where the last probe failed', () => {
    const result = recover(laneOf({ bad: (us) => us >= 6 * second }));
    expect(result).toMatchObject({ serviceAtLeastUs: 34_990_000, performanceAtLeastUs: 34_990_000 });
  });

  it('has no bound without a probe', () => {
    const result = recover(laneOf({ seconds: 4 }));
    expect(result).toMatchObject({
      outage: false,
      recovered: false,
      serviceRestoredUs: null,
      serviceAtLeastUs: 0,
      sentShare: 0,
    });
  });
});
