import { describe, expect, it } from 'vitest';
import { burnAlerts } from './burn-alerts.ts';

const startMs = Date.UTC(2026, 10, 27, 9);
const rate = 600;
/** A minute at the baseline, then this many bad calls a second at ten times the traffic. */
const run = (badPerSecond: number, lengthS: number) => [
  ...Array.from({ length: 60 }, () => ({ calls: rate, bad: 0 })),
  ...Array.from({ length: lengthS }, () => ({ calls: rate * 10, bad: badPerSecond })),
];
const firedAfterS = (badPerSecond: number, lengthS: number) =>
  burnAlerts(run(badPerSecond, lengthS), startMs, rate, 0.0005).map(({ firedAtMs }) =>
    firedAtMs === null ? null : (firedAtMs - startMs) / 1000 - 60,
  );

describe('burn-rate alerts', () => {
  it('fire as their windows say: a full outage at ten times the traffic', () => {
    // After s seconds: 6,000 s bad of 600 (W - s) + 6,000 s in a window of W seconds.
    const needed = (burn: number, windowS: number) =>
      Math.ceil((burn * 0.0005 * 600 * windowS) / (6_000 - burn * 0.0005 * 5_400));
    expect(firedAfterS(6_000, 120)).toEqual([
      needed(14.4, 3_600),
      needed(6, 21_600),
      needed(3, 86_400),
      needed(1, 259_200),
    ]);
    expect(needed(14.4, 3_600)).toBe(3);
  });

  it('stay silent in a run without bad calls, and tell how near they came otherwise', () => {
    expect(firedAfterS(0, 60)).toEqual([null, null, null, null]);
    const [page] = burnAlerts(run(10, 60), startMs, rate, 0.0005);
    expect(page?.firedAtMs).toBeNull();
    expect(page?.highestBurn).toBeCloseTo((10 * 60) / (600 * 3_540 + 6_000 * 60) / 0.0005, 6);
  });

  it('forget what has left the window', () => {
    // 200 bad calls, ten minutes of quiet: the short window of five minutes is clean again, however the hour looks.
    const seconds = [{ calls: 600, bad: 600 }, ...Array.from({ length: 600 }, () => ({ calls: 600, bad: 0 }))];
    const again = [...seconds, ...Array.from({ length: 10 }, () => ({ calls: 600, bad: 60 }))];
    const once = burnAlerts(seconds, startMs, rate, 0.0005)[0]?.highestBurn as number;
    expect(once).toBeCloseTo(600 / (600 * 3_600) / 0.0005, 6);
    expect(burnAlerts(again, startMs, rate, 0.0005)[0]?.highestBurn).toBeCloseTo(1_200 / (600 * 3_600) / 0.0005, 6);
  });
});
