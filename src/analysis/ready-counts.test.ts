import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapacitySample } from '../model/facts.ts';
import { readyRecovery } from './ready-counts.ts';

const injectedAtMs = 10_000;
const loadEndMs = 60_000;

/** A look every half second; ready and wanted pods by when. Nodes are six. */
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

  it('that go again count from when they are back for good, a single look aside', () => {
    const twice = (atMs: number) => between(16_000, 20_000)(atMs) || between(30_000, 31_000)(atMs);
    expect(pods(looks((atMs) => (twice(atMs) ? 4 : 5)))).toMatchObject({ flaps: 1, serviceRestoredMs: 21_000 });
    const blinked = (atMs: number) => between(16_000, 20_000)(atMs) || atMs === 30_000;
    expect(pods(looks((atMs) => (blinked(atMs) ? 4 : 5)))).toMatchObject({ flaps: 0, serviceRestoredMs: 10_000 });
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

  it('recover no earlier than the last look that shows two missing in a row, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }), (isDown) => {
        const fact = pods(looks((atMs) => (atMs > injectedAtMs && isDown[atMs / 500] ? 3 : 5)));
        if (fact === null) throw new Error('there were looks');
        const downAt = (i: number) => isDown[i] === true && i * 500 > injectedAtMs;
        const lastPair = isDown.findLastIndex((_, i) => downAt(i) && downAt(i - 1));
        expect(fact.outage).toBe(isDown.some((_, i) => downAt(i)));
        expect(fact.recovered).toBe(fact.serviceRestoredMs !== null);
        if (fact.recovered) expect(injectedAtMs + (fact.serviceRestoredMs ?? 0)).toBeGreaterThan(lastPair * 500);
        if (fact.recovered && fact.outage)
          expect(fact.outageEndMs).toBe(injectedAtMs + (fact.serviceRestoredMs as number));
      }),
    );
  });
});
