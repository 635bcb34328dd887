import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LaneProbes, wallUs } from './lane-probes.ts';
import { type LaneRecovery, recoverLane } from './outage.ts';
import { unserved } from './served.ts';

/*
 * A shop whose truth is known: it is broken for requests that reach it in [startUs, endUs). Each probe is sent as late as
 * the sentinel makes it, travels to the shop, and is answered after a service time.
 */
const intervalUs = 10_000;
const second = 1_000_000;
const injectedUs = 2 * second;
const observedUs = 12 * second;
const limitUs = 100_000;
const timeoutUs = 2 * second;

interface Truth {
  startUs: number;
  endUs: number;
  /**
   * What a request that meets the broken shop sees: one that hangs is never answered, one that is held is answered when
   * the outage ends.
   */
  kind: 'fails' | 'hangs' | 'held' | 'slow';
  /** One of this many replicas, asked in turn, is broken. */
  oneOf: number;
  /** The sentinel stands still, and sends what was due afterwards. */
  stall: { fromUs: number; lengthUs: number };
  /** Time to reach the shop, per probe in turn, and to be answered. */
  ways: number[];
  serviceUs: number;
}

function probe({ startUs, endUs, kind, oneOf, stall, ways, serviceUs }: Truth): LaneProbes {
  const intendedUs = Array.from({ length: observedUs / intervalUs }, (_, at) => at * intervalUs);
  const sent = (us: number) =>
    us >= stall.fromUs && us < stall.fromUs + stall.lengthUs ? stall.fromUs + stall.lengthUs : us + 200;
  const way = (at: number) => ways[at % ways.length] as number;
  const broken = intendedUs.map((us, at) => {
    const reachesUs = sent(us) + way(at);
    return reachesUs >= startUs && reachesUs < endUs && at % oneOf === 0;
  });
  const takesUs = (us: number) =>
    ({ fails: 300, hangs: timeoutUs, held: Math.min(timeoutUs, endUs + serviceUs - us), slow: 3 * limitUs })[kind];
  return {
    lane: 'edge-write-pooled',
    path: 'write',
    via: 'edge',
    replica: '',
    zone: '',
    connection: 'pooled',
    intervalUs,
    intendedUs,
    sentUs: intendedUs.map(sent),
    endUs: intendedUs.map((us, at) => sent(us) + way(at) + (broken[at] ? takesUs(sent(us) + way(at)) : serviceUs)),
    failed: intendedUs.map((us, at) => {
      const isAnswered = kind === 'slow' || (kind === 'held' && takesUs(sent(us) + way(at)) < timeoutUs);
      return broken[at] === true && !isAnswered;
    }),
  };
}

const truths = fc
  .record({
    startUs: fc.integer({ min: 2_200_000, max: 4_000_000 }),
    lengthUs: fc.integer({ min: 30_000, max: 2 * second }),
    kind: fc.constantFrom('fails' as const, 'hangs' as const, 'held' as const, 'slow' as const),
    heldUs: fc.integer({ min: 1_100_000, max: 3_400_000 }),
    stall: fc.record({ fromUs: fc.integer({ min: 2 * second, max: 6 * second }), lengthUs: fc.nat(80_000) }),
    ways: fc.array(fc.integer({ min: 50, max: 3_000 }), { minLength: 7, maxLength: 60 }),
  })
  .map(({ lengthUs, heldUs, ...truth }) => ({
    ...truth,
    endUs: truth.startUs + (truth.kind === 'held' ? heldUs : lengthUs),
    oneOf: 1,
    serviceUs: 3_000,
  }));

const recover = (truth: Truth): LaneRecovery => recoverLane(probe(truth), injectedUs, observedUs, limitUs);

/** Slow answers are no failures: what was lost is speed. */
function endsOf({ kind }: Truth, recovery: LaneRecovery) {
  const { degraded } = recovery;
  if (kind !== 'slow')
    return {
      start: [recovery.outageStartUs, recovery.startUncertaintyUs] as const,
      end: [recovery.outageEndUs, recovery.endUncertaintyUs] as const,
    };
  return {
    start: [degraded?.startUs ?? null, degraded?.startUncertaintyUs ?? null] as const,
    end: [degraded?.endUs ?? null, degraded?.endUncertaintyUs ?? null] as const,
  };
}

function expectWithin([us, uncertaintyUs]: readonly [number | null, number | null], trueUs: number): void {
  expect(us).not.toBeNull();
  expect(Math.abs((us as number) - trueUs)).toBeLessThanOrEqual(uncertaintyUs as number);
}

/** A stall may swallow a short outage; a few bad answers are tolerated. Then there is nothing to be found. */
const isSeen = (truth: Truth): boolean => {
  const lane = probe(truth);
  const isSlow = (at: number) => wallUs(lane, at) > limitUs;
  const bad = truth.kind === 'slow' ? lane.failed.map((_, at) => isSlow(at)) : unserved(lane);
  return bad.filter(Boolean).length >= (truth.kind === 'slow' ? 12 : 5);
};

describe('the stated uncertainty', () => {
  it('holds both ends of any outage, whatever the sentinel was late', () => {
    fc.assert(
      fc.property(truths, (truth) => {
        fc.pre(isSeen(truth));
        const { start, end } = endsOf(truth, recover(truth));
        expectWithin(start, truth.startUs);
        expectWithin(end, truth.endUs);
      }),
      { numRuns: 300 },
    );
  });

  it('is little more than the interval while the sentinel is in time', () => {
    fc.assert(
      fc.property(truths, (some) => {
        const truth = { ...some, stall: { fromUs: 0, lengthUs: 0 } };
        fc.pre(isSeen(truth));
        const { start, end } = endsOf(truth, recover(truth));
        // The way to the shop, its answer, and the timer.
        expect(start[1]).toBeLessThanOrEqual(intervalUs + 6_200);
        expect(end[1]).toBeLessThanOrEqual(intervalUs + 6_200);
      }),
      { numRuns: 100 },
    );
  });

  it('covers the lucky requests where one replica of several is broken', () => {
    fc.assert(
      fc.property(truths, fc.integer({ min: 2, max: 4 }), (some, oneOf) => {
        const truth = { ...some, oneOf };
        fc.pre(isSeen(truth));
        const { start, end } = endsOf(truth, recover(truth));
        expectWithin(start, truth.startUs);
        expectWithin(end, truth.endUs);
      }),
      { numRuns: 300 },
    );
  });

  it('does not grow by an outage long before or after', () => {
    const truth: Truth = {
      ...{ startUs: 3 * second, endUs: 3_300_000, kind: 'fails', oneOf: 1 },
      ...{ stall: { fromUs: 0, lengthUs: 0 }, ways: [100], serviceUs: 1_000 },
    };
    const lane = probe(truth);
    lane.failed = lane.failed.map((isFailed, at) => isFailed || (at >= 440 && at < 443));
    const recovery = recoverLane(lane, injectedUs, observedUs, limitUs);
    expect(recovery.outageEndUs).toBe(4_430_000);
    expect(recovery.endUncertaintyUs).toBeLessThanOrEqual(11_000);
    expect(recovery.startUncertaintyUs).toBeLessThanOrEqual(11_000);
  });

  it('is as long as a silence before the end', () => {
    const lane = probe({
      ...{ startUs: 3 * second, endUs: 4 * second, kind: 'fails', oneOf: 1 },
      ...{ stall: { fromUs: 0, lengthUs: 0 }, ways: [100], serviceUs: 1_000 },
    });
    const heard = lane.intendedUs.map((us) => us < 4 * second || us >= 6 * second);
    const cut = <T>(values: T[]): T[] => values.filter((_, at) => heard[at]);
    const silent = {
      ...lane,
      intendedUs: cut(lane.intendedUs),
      sentUs: cut(lane.sentUs),
      endUs: cut(lane.endUs),
      failed: cut(lane.failed),
    };
    const recovery = recoverLane(silent, injectedUs, observedUs, limitUs);
    expect(recovery.outageEndUs).toBe(6 * second);
    expect(recovery.endUncertaintyUs).toBeGreaterThanOrEqual(2 * second);
  });
});

describe('a flapping shop', () => {
  it('does not blur its own ends', () => {
    const lane = probe({
      ...{ startUs: 3 * second, endUs: 3_100_000, kind: 'fails', oneOf: 1 },
      ...{ stall: { fromUs: 0, lengthUs: 0 }, ways: [100], serviceUs: 1_000 },
    });
    lane.failed = lane.failed.map((isFailed, at) => isFailed || (at >= 335 && at < 345));
    const recovery = recoverLane(lane, injectedUs, observedUs, limitUs);
    expect(recovery).toMatchObject({ outageStartUs: 3 * second, outageEndUs: 3_450_000, flaps: 0 });
    expect(recovery.startUncertaintyUs).toBeLessThanOrEqual(11_000);
    expect(recovery.endUncertaintyUs).toBeLessThanOrEqual(11_000);
  });
});

describe('speed that was lost', () => {
  const lane = (slowFrom: number, slowTo: number) =>
    probe({
      ...{ startUs: slowFrom, endUs: slowTo, kind: 'slow', oneOf: 1 },
      ...{ stall: { fromUs: 0, lengthUs: 0 }, ways: [100], serviceUs: 1_000 },
    });

  it('long after the injection is lost all the same when it lasts', () => {
    const recovery = recoverLane(lane(5_500_000, 8_800_000), injectedUs, observedUs, limitUs);
    expect(recovery).toMatchObject({ outage: false, recovered: true, performanceRestoredUs: 6_800_000 });
    expect(recovery.degraded).toMatchObject({ startUs: 5_500_000, endUs: 8_800_000 });
  });

  it('long after the injection for a moment is a stall, and no outage', () => {
    const recovery = recoverLane(lane(5_500_000, 5_700_000), injectedUs, observedUs, limitUs);
    expect(recovery).toMatchObject({ performanceRestoredUs: 0, degraded: null });
  });
});
