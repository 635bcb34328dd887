import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundedPercentile, runsNeeded } from './runs-needed.ts';

test('29 runs bound the 90th percentile of recovery, 59 the 95th', () => {
  expect([50, 75, 90, 95, 99].map(runsNeeded)).toEqual([5, 11, 29, 59, 299]);
});

test('so many runs bound the percentile, and one run fewer does not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 50, max: 99 }), (percentile) => {
      const runs = runsNeeded(percentile);
      expect(boundedPercentile(runs)).toBeGreaterThanOrEqual(percentile);
      expect(boundedPercentile(runs - 1) ?? 0).toBeLessThan(percentile);
    }),
  );
});

test('few runs bound nothing worth saying', () => {
  expect([0, 1, 4].map(boundedPercentile)).toEqual([null, null, null]);
  expect(boundedPercentile(5)).toBe(54);
});
