import type { Facts, SeriesPoint, Timeline } from '../../model/facts.ts';
import { phaseName } from '../phase-names.ts';
import { steadyAtMs } from '../steady-at.ts';
import { type CapacityData, capacityData } from './capacity-data.ts';

/** The run on one axis: seconds since the baseline began. null is a gap: nothing was measured there. */
export interface TimelineData {
  endS: number;
  /** How many seconds a point stands for; more than 1 only in runs too long to draw each second. */
  secondsPerPoint: number;
  points: TimelinePoint[];
  phases: { name: string; startS: number; endS: number }[];
  injectedS: number | null;
  /** When the shop was seen to be well again; without a fault: when the traffic started to go back. */
  recoveredS: number | null;
  capacity: CapacityData | null;
}

export interface TimelinePoint {
  /** When what the point stands for begins. */
  second: number;
  ratePerSecond: number | null;
  errorsPerSecond: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** null when there is nothing to draw. */
export function timelineData(facts: Facts, maxPoints: number): TimelineData | null {
  const first = facts.series[0];
  const last = facts.series.at(-1);
  if (first === undefined || last === undefined) return null;
  const { timeline } = facts;
  const zeroMs = timeline.baselineStartMs ?? first.atMs;
  const toSeconds = (atMs: number): number => (atMs - zeroMs) / 1000;
  const endS = Math.max(1, toSeconds(timeline.loadEndMs ?? last.atMs), toSeconds(last.atMs));
  const secondsPerPoint = Math.ceil(endS / maxPoints);
  const steadyMs = steadyAtMs(facts);
  return {
    endS,
    secondsPerPoint,
    points: spaced(facts.series, toSeconds, endS, secondsPerPoint),
    phases: phasesOf(timeline, toSeconds, endS),
    injectedS: timeline.injectedAtMs === null ? null : toSeconds(timeline.injectedAtMs),
    recoveredS: steadyMs === null ? null : toSeconds(steadyMs),
    capacity: capacityData(facts.capacity, toSeconds, endS),
  };
}

/** One point a step, empty steps included, so that a line breaks where nothing was measured. */
function spaced(
  series: readonly SeriesPoint[],
  toSeconds: (atMs: number) => number,
  endS: number,
  step: number,
): TimelinePoint[] {
  const steps = Map.groupBy(series, (point) => Math.floor(toSeconds(point.atMs) / step));
  return Array.from({ length: Math.ceil(endS / step) }, (_, i) => merged(i * step, steps.get(i) ?? []));
}

/** The worst of a step: a short outage must not vanish in a mean. */
function merged(second: number, points: readonly SeriesPoint[]): TimelinePoint {
  const worst = (read: (point: SeriesPoint) => number | null): number | null => {
    const known = points.map(read).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    second,
    ratePerSecond: worst((point) => point.ratePerSecond),
    errorsPerSecond: worst((point) => point.errorsPerSecond),
    p50Ms: worst((point) => point.p50Ms),
    p95Ms: worst((point) => point.p95Ms),
    p99Ms: worst((point) => point.p99Ms),
  };
}

/** Each phase lasts until the next boundary that is known. */
function phasesOf(timeline: Timeline, toSeconds: (atMs: number) => number, endS: number): TimelineData['phases'] {
  const starts = [
    { name: 'baseline', atMs: timeline.baselineStartMs },
    { name: 'ramp', atMs: timeline.rampStartMs },
    { name: 'peak', atMs: timeline.peakStartMs },
    { name: 'fault', atMs: timeline.injectedAtMs },
    { name: phaseName('recovered', timeline.injectedAtMs !== null), atMs: timeline.recoveredAtMs },
  ].flatMap(({ name, atMs }) => (atMs === null ? [] : [{ name, startS: toSeconds(atMs) }]));
  const loadEndS = timeline.loadEndMs === null ? endS : toSeconds(timeline.loadEndMs);
  return starts.map((start, i) => ({ ...start, endS: starts[i + 1]?.startS ?? loadEndS }));
}
