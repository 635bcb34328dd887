import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapacitySample } from '../model/facts.ts';
import { readyRecovery } from './ready-counts.ts';

const injectedAtMs = 10_000;
const loadEndMs = 60_000;

/** A look every half second, with ready and wanted pods by time. There are six nodes. */
const looks = (podsReady: (atMs: number) => number, podsWanted: (atMs: number) => number = () => 5): CapacitySample[] =>
  Array.from({ length: 120 }, (_, i) => i * 500).map((atMs) => ({
    atMs,
    podsReady: podsReady(atMs),
    podsWanted: podsWanted(atMs),
    nodesReady: 6,
    nodesWanted: 6,
    cpuRatio: null,
  }));
const pods = (samples: CapacitySample[], endMs: number | null = loadEndMs) =>
  readyRecovery('pods', samples, injectedAtMs, endMs);
const between = (fromMs: number, toMs: number) => (atMs: number) => atMs >= fromMs && atMs < toMs;

describe('pods and nodes', () => {
  it('are back with the first look that shows as many as before and is followed by three such seconds', () => {
    const isDown = between(16_000, 27_500);
    expect(pods(looks((atMs) => (isDown(atMs) ? 3 : 5)))).toMatchObject({
      outage: true,
      recovered: true,
      outageStartMs: 16_000,
      outageEndMs: 27_500,
      serviceRestoredMs: 17_500,
      performanceRestoredMs: null,
      uncertaintyMs: 500,
      badMs: 11_500,
      flaps: 0,
      observedMs: 50_000,
      ready: { before: 5, least: 3 },
      probes: 99,
    });
  });

  it('had no outage when none was ever missing', () => {
    expect(
      readyRecovery(
        'nodes',
        looks(() => 0),
        injectedAtMs,
        loadEndMs,
      ),
    ).toMatchObject({
      outage: false,
      recovered: true,
      serviceRestoredMs: 0,
      outageStartMs: null,
      uncertaintyMs: 500,
      ready: { before: 6, least: 6 },
    });
  });

  it('are not back when the load ended first, or too soon after to be certain', () => {
    expect(pods(looks((atMs) => (atMs >= 16_000 ? 4 : 5)))).toMatchObject({ recovered: false, observedMs: 50_000 });
    expect(pods(looks((atMs) => (between(16_000, 57_500)(atMs) ? 4 : 5)))?.recovered).toBe(false);
    expect(pods(looks((atMs) => (between(16_000, 57_000)(atMs) ? 4 : 5)))?.recovered).toBe(true);
  });

  it('are known to have been missing at the last look that shows it, and no longer', () => {
    const late = pods(looks((atMs) => (between(16_000, 58_000)(atMs) ? 4 : 5)));
    expect(late).toMatchObject({ recovered: false, serviceAtLeastMs: 47_500, observedMs: 50_000 });
    expect(pods(looks((atMs) => (atMs >= 16_000 ? 4 : 5)))?.serviceAtLeastMs).toBe(49_500);
  });

  it('that go again, if only for a look, count from when they are back for good', () => {
    const twice = (atMs: number) => between(16_000, 20_000)(atMs) || between(30_000, 31_000)(atMs);
    expect(pods(looks((atMs) => (twice(atMs) ? 4 : 5)))).toMatchObject({ flaps: 1, serviceRestoredMs: 21_000 });
    const blinked = (atMs: number) => between(16_000, 20_000)(atMs) || atMs === 30_000;
    expect(pods(looks((atMs) => (blinked(atMs) ? 4 : 5)))).toMatchObject({ flaps: 1, serviceRestoredMs: 20_500 });
  });

  it('that autoscaling no longer wants are not missed', () => {
    const isLess = between(30_000, 60_000);
    const down = (atMs: number) => (isLess(atMs) ? 4 : 5);
    expect(pods(looks(down, down))).toMatchObject({ outage: false, serviceRestoredMs: 0 });
  });

  it('are as uncertain as the time since the look before', () => {
    const gap = looks((atMs) => (between(16_000, 25_000)(atMs) ? 3 : 5)).filter(
      ({ atMs }) => !between(24_000, 26_500)(atMs),
    );
    expect(pods(gap)).toMatchObject({ serviceRestoredMs: 16_500, uncertaintyMs: 3_000 });
  });

  it('that nobody looked at just before or after are unknown', () => {
    expect(pods(looks(() => 5).filter(({ atMs }) => atMs > injectedAtMs))).toBeNull();
    expect(pods(looks(() => 5).filter(({ atMs }) => atMs <= injectedAtMs))).toBeNull();
    expect(pods([])).toBeNull();
  });

  it('recover after the last look that shows one missing, and never earlier when one more is', () => {
    const downs = fc.array(fc.boolean(), { minLength: 120, maxLength: 120 });
    fc.assert(
      fc.property(downs, fc.nat(119), (isDown, another) => {
        const factOf = (isMissing: (at: number) => boolean) =>
          pods(looks((atMs) => (atMs > injectedAtMs && isMissing(atMs / 500) ? 3 : 5)));
        const fact = factOf((at) => isDown[at] === true);
        const worse = factOf((at) => isDown[at] === true || at === another);
        if (fact === null || worse === null) throw new Error('there were looks');
        const lastDownMs = isDown.findLastIndex((down, at) => down && at * 500 > injectedAtMs) * 500;
        expect(fact.outage).toBe(lastDownMs > 0);
        expect(fact.recovered).toBe(fact.serviceRestoredMs !== null);
        if (fact.outage) expect(injectedAtMs + fact.serviceAtLeastMs).toBe(lastDownMs);
        expect(worse.serviceRestoredMs ?? Infinity).toBeGreaterThanOrEqual(fact.serviceRestoredMs ?? Infinity);
        expect(worse.serviceAtLeastMs).toBeGreaterThanOrEqual(fact.serviceAtLeastMs);
        expect(worse.badMs).toBeGreaterThanOrEqual(fact.badMs);
      }),
    );
  });
});
