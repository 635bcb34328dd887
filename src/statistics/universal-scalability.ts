import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { mean } from './rank-test.ts';

/** What came out of a load: calls in flight on average, and answers a second. */
export interface LoadPoint {
  inFlight: number;
  perSecond: number;
}

/**
 * The Universal Scalability Law (Gunther, "A general theory of computational scalability based on rational functions", 2008):
 * X(N) = lambda N / (1 + alpha (N - 1) + beta N (N - 1)). alpha is contention: what waits for its turn; beta is coherency: what each
 * call costs the others.
 */
export interface ScalabilityLaw {
  lambda: number;
  alpha: number;
  beta: number;
}

export interface FittedLaw extends ScalabilityLaw {
  /** Parameters that lie at the end of what they may be, so that the points say nothing of them, or contradict the law. */
  atBounds: ('alpha' | 'beta')[];
}

export const throughputAt = ({ lambda, alpha, beta }: ScalabilityLaw, inFlight: number): number =>
  (lambda * inFlight) / (1 + alpha * (inFlight - 1) + beta * inFlight * (inFlight - 1));

/** Where throughput is highest; null where it grows with every call in flight. */
export function peakOf(law: ScalabilityLaw): LoadPoint | null {
  if (law.beta <= 0) return null;
  const inFlight = Math.sqrt((1 - law.alpha) / law.beta);
  return { inFlight, perSecond: throughputAt(law, inFlight) };
}

/** Parameters with as many points would meet all of them. */
export const leastPoints = 4;

/*
 * Fitted is X(N) = slope N / (1 + u N + q N (N - 1)), which is the law with alpha = u / (1 + u), beta = q / (1 + u) and
 * lambda = slope / (1 + u): so neither bound depends on the other. All three are scaled to be about 1: slope by the highest of a point,
 * u and q by the most calls in flight.
 */
const most = { slope: 10, contention: 1_000, coherency: 1_000 };
/** At the most calls in flight, a parameter changes throughput by less than this: it is as good as 0. */
const negligible = 1e-3;
const startingPoints = [
  [1, 0.1, 0.1],
  [1, 1, 1],
  [1, 0.01, 3],
];
const thorough = { iterations: 200 };
/** From the law that they were drawn around. */
const quick = { iterations: 15 };

/** Fits the law to points by least squares of relative errors. @throws RangeError with too few points */
export function fitLaw(points: readonly LoadPoint[]): FittedLaw {
  if (points.length < leastPoints) throw new RangeError(`${points.length} points are too few to fit a law`);
  const scale = scaleOf(points);
  const fits = startingPoints.map((start) => fitFrom(points, scale, start, thorough.iterations));
  const { values } = fits.reduce((best, one) => (one.error < best.error ? one : best));
  const [, contention = 0, coherency = 0] = values;
  const atBounds: FittedLaw['atBounds'] = [];
  if (contention < negligible || contention >= most.contention * (1 - negligible)) atBounds.push('alpha');
  if (coherency < negligible || coherency >= most.coherency * (1 - negligible)) atBounds.push('beta');
  return { ...lawOf(values, scale), atBounds };
}

interface Scale {
  slope: number;
  inFlight: number;
}

const scaleOf = (points: readonly LoadPoint[]): Scale => ({
  slope: Math.max(...points.map(({ inFlight, perSecond }) => perSecond / inFlight)),
  inFlight: Math.max(...points.map(({ inFlight }) => inFlight)),
});

function fitFrom(
  points: readonly LoadPoint[],
  scale: Scale,
  start: readonly number[],
  iterations: number,
): { values: number[]; error: number } {
  // Each error over what was measured: the point by its index, and 1 for what was measured at it.
  const { parameterValues, parameterError } = levenbergMarquardt(
    { x: points.map((_, index) => index), y: points.map(() => 1) },
    (values) => (index) => {
      const { inFlight, perSecond } = points[index] as LoadPoint;
      return scaledThroughput(values, scale, inFlight) / perSecond;
    },
    {
      initialValues: start,
      minValues: [1e-3, 0, 0],
      maxValues: [most.slope, most.contention, most.coherency],
      gradientDifference: 1e-6,
      maxIterations: iterations,
      errorTolerance: 1e-14,
    },
  );
  return { values: parameterValues, error: parameterError };
}

function scaledThroughput([slope = 0, contention = 0, coherency = 0]: number[], scale: Scale, n: number): number {
  const u = contention / scale.inFlight;
  const q = coherency / scale.inFlight ** 2;
  return (slope * scale.slope * n) / Math.max(1e-6, 1 + u * n + q * n * (n - 1));
}

function lawOf([slope = 0, contention = 0, coherency = 0]: number[], scale: Scale): ScalabilityLaw {
  const u = contention / scale.inFlight;
  const q = coherency / scale.inFlight ** 2;
  return { lambda: (slope * scale.slope) / (1 + u), alpha: u / (1 + u), beta: q / (1 + u) };
}

/** The scaled parameters of a law: where fits of points like its own begin. */
function valuesOf({ lambda, alpha, beta }: ScalabilityLaw, scale: Scale): number[] {
  const u = alpha / (1 - alpha);
  return [(lambda * (1 + u)) / scale.slope, u * scale.inFlight, beta * (1 + u) * scale.inFlight ** 2].map((value) =>
    Math.max(value, negligible),
  );
}

export interface Interval {
  low: number;
  high: number;
}

export interface LawIntervals extends Record<keyof ScalabilityLaw, Interval> {
  /** Of the highest throughput; Infinity where it grows with every call in flight. */
  peakPerSecond: Interval;
}

const resamples = 200;

/**
 * Between which the parameters lie at a confidence, by bootstrap of the relative errors that the law leaves (Davison & Hinkley,
 * "Bootstrap Methods and their Application", 1997, 6.3), which are widened for the three parameters that were fitted to them. The draws
 * are always the same: the same points give the same intervals.
 */
export function lawIntervals(points: readonly LoadPoint[], law: ScalabilityLaw, confidence: number): LawIntervals {
  const scale = scaleOf(points);
  const fitted = points.map(({ inFlight }) => throughputAt(law, inFlight));
  const errors = points.map(({ perSecond }, at) => perSecond / (fitted[at] as number) - 1);
  const centre = mean(errors);
  const widening = Math.sqrt(points.length / (points.length - 3));
  const random = xoroshiro128plus(points.length);
  const start = valuesOf(law, scale);
  const laws = Array.from({ length: resamples }, () => {
    const drawn = points.map(({ inFlight }, at) => {
      const error = errors[uniformInt(random, 0, errors.length - 1)] as number;
      return { inFlight, perSecond: Math.max(1e-9, (fitted[at] as number) * (1 + widening * (error - centre))) };
    });
    return lawOf(fitFrom(drawn, scale, start, quick.iterations).values, scale);
  });
  const between = (read: (one: ScalabilityLaw) => number) => intervalOf(laws.map(read), confidence);
  return {
    lambda: between(({ lambda }) => lambda),
    alpha: between(({ alpha }) => alpha),
    beta: between(({ beta }) => beta),
    peakPerSecond: between((one) => peakOf(one)?.perSecond ?? Infinity),
  };
}

function intervalOf(values: number[], confidence: number): Interval {
  const sorted = values.toSorted((a, b) => (a === b ? 0 : a - b));
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** By how much a law is off that was fitted to the other points, relative to what was measured at this one. */
export function errorWithout(
  points: readonly LoadPoint[],
  index: number,
): { predicted: number; relativeError: number } {
  const { inFlight, perSecond } = points[index] as LoadPoint;
  const predicted = throughputAt(fitLaw(points.filter((_, at) => at !== index)), inFlight);
  return { predicted, relativeError: Math.abs(predicted - perSecond) / perSecond };
}
