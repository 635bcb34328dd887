import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normals } from '../../tests/support/runs/history-runs.ts';
import {
  errorWithout,
  fitLaw,
  type LoadPoint,
  lawIntervals,
  peakOf,
  type ScalabilityLaw,
  throughputAt,
} from './universal-scalability.ts';

/** Laws whose peak is at 5 to 60 calls in flight. */
const laws = fc
  .record({
    lambda: fc.double({ min: 20, max: 2_000, noNaN: true }),
    alpha: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
    peak: fc.double({ min: 5, max: 60, noNaN: true }),
  })
  .map(({ lambda, alpha, peak }): ScalabilityLaw => ({ lambda, alpha, beta: (1 - alpha) / peak ** 2 }));

const peakInFlight = (law: ScalabilityLaw): number => peakOf(law)?.inFlight ?? Number.NaN;

/** Steps up to `reach` times the calls in flight at the peak, each off by a normal error. */
function steps(law: ScalabilityLaw, { reach = 1.4, noise = 0, next = normals(1), count = 10 } = {}): LoadPoint[] {
  return Array.from({ length: count }, (_, at) => {
    const inFlight = (peakInFlight(law) * reach * (at + 1)) / count;
    return { inFlight, perSecond: throughputAt(law, inFlight) * Math.max(0.1, next(1, noise)) };
  });
}

test('a law is found again from points that lie on it', () => {
  fc.assert(
    fc.property(laws, (law) => {
      const fitted = fitLaw(steps(law));
      expect(fitted.atBounds).toEqual([]);
      expect(fitted.lambda / law.lambda).toBeCloseTo(1, 2);
      expect(fitted.alpha).toBeCloseTo(law.alpha, 2);
      expect(peakInFlight(fitted) / peakInFlight(law)).toBeCloseTo(1, 2);
    }),
    { numRuns: 100 },
  );
});

test('it does not matter in which unit of time, or in which order, points are told', () => {
  fc.assert(
    fc.property(laws, fc.double({ min: 0.01, max: 100, noNaN: true }), (law, unit) => {
      const points = steps(law, { noise: 0.03 });
      const fitted = fitLaw(points);
      const other = fitLaw(points.map((point) => ({ ...point, perSecond: point.perSecond * unit })).reverse());
      expect(other.lambda / unit / fitted.lambda).toBeCloseTo(1, 3);
      expect(other.alpha).toBeCloseTo(fitted.alpha, 3);
    }),
    { numRuns: 50 },
  );
});

/** 60 loads: were the intervals' true rate 90 %, fewer than 46 would hold the truth once in a thousand times. */
test('the highest throughput of a noisy law lies within its interval nine times in ten, and so does lambda', () => {
  const law: ScalabilityLaw = { lambda: 120, alpha: 0.06, beta: 0.002 };
  const next = normals(1);
  const held = { peak: 0, lambda: 0 };
  for (let load = 0; load < 60; load += 1) {
    const points = steps(law, { noise: 0.03, next });
    const intervals = lawIntervals(points, fitLaw(points), 0.9);
    const truth = peakOf(law)?.perSecond ?? 0;
    if (intervals.peakPerSecond.low <= truth && truth <= intervals.peakPerSecond.high) held.peak += 1;
    if (intervals.lambda.low <= law.lambda && law.lambda <= intervals.lambda.high) held.lambda += 1;
  }
  expect(held.peak).toBeGreaterThanOrEqual(46);
  expect(held.lambda).toBeGreaterThanOrEqual(46);
}, 120_000);

test('a step that was not seen is predicted well from a law, and badly beyond a cliff', () => {
  const law: ScalabilityLaw = { lambda: 120, alpha: 0.06, beta: 0.002 };
  const smooth = steps(law, { noise: 0.02 });
  expect(errorWithout(smooth, smooth.length - 1).relativeError).toBeLessThan(0.15);
  // Answers take 10 ms up to 900/s, and beyond that nothing more is answered.
  const cliff = [
    ...[100, 200, 300, 400, 500, 600, 700, 800].map((rate) => ({ inFlight: rate / 100, perSecond: rate })),
    { inFlight: 200, perSecond: 900 },
  ];
  expect(errorWithout(cliff, cliff.length - 1).relativeError).toBeGreaterThan(0.5);
});

test('what does not bend shows neither contention nor coherency', () => {
  const straight = [1, 2, 3, 4, 6, 8, 10].map((inFlight) => ({ inFlight, perSecond: 50 * inFlight }));
  expect(fitLaw(straight).atBounds).toEqual(['alpha', 'beta']);
  expect(() => fitLaw(straight.slice(0, 3))).toThrow(RangeError);
});

test('the same points give the same intervals', () => {
  const points = steps({ lambda: 120, alpha: 0.06, beta: 0.002 }, { noise: 0.02 });
  const law = fitLaw(points);
  expect(lawIntervals(points, law, 0.9)).toEqual(lawIntervals(points, law, 0.9));
});
