import padjust from '@stdlib/stats-padjust';
import type { Change, HistoryRun, Shift } from '../model/history.ts';
import { changePoint } from '../statistics/change-point.ts';
import { leastRankTestP, mean, median, rankTest } from '../statistics/rank-test.ts';

/** Of all tests of a trend together. */
export const error = 0.05;

/** A test that was made, and what it shows if it is certain enough: its p is that of the test by itself. */
export interface Made<T extends Shift> {
  key: string;
  shown: T;
  /** A smaller shift is not named, however certain it is. */
  leastShift: number;
}

type Level = (values: readonly number[]) => number;

/**
 * Whether the values have one change of level; null where they are too few to show one, or all the same.
 * @param levelOf what the change is told by, if not by medians
 */
export function testForChange(
  key: string,
  { values, runs }: { values: readonly number[]; runs: readonly HistoryRun[] },
  { leastRuns, leastShift, levelOf }: { leastRuns: number; leastShift: number; levelOf?: Level },
): Made<Change> | null {
  const point = values.length < leastRuns ? null : changePoint(values);
  if (point === null) return null;
  const { index, p } = point;
  const [lastBefore, first] = [runs[index - 1] as HistoryRun, runs[index] as HistoryRun];
  const shift = shiftOf(values.slice(0, index), values.slice(index), p, levelOf);
  const between = {
    first: nameOf(first),
    lastBefore: nameOf(lastBefore),
    otherVersions: otherVersions(lastBefore, first),
  };
  return { key, shown: { ...shift, ...between }, leastShift };
}

/** Whether later values differ from earlier ones; null where they are too few to show it. */
export function testForShift(
  key: string,
  { before, after }: { before: readonly number[]; after: readonly number[] },
  { atMostP, leastShift }: { atMostP: number; leastShift: number },
): Made<Shift> | null {
  if (before.length === 0 || after.length === 0 || leastRankTestP(before.length, after.length) > atMostP) return null;
  return { key, shown: shiftOf(before, after, rankTest(before, after)), leastShift };
}

/** By medians, as one odd run moves a mean; by means where the medians are the same, as where only some runs became slower. */
function shiftOf(
  before: readonly number[],
  after: readonly number[],
  p: number,
  levelOf: Level = median(before) === median(after) ? mean : median,
): Shift {
  const levels = { before: levelOf(before), after: levelOf(after) };
  const direction = levels.after >= levels.before ? 'up' : 'down';
  return { direction, ...levels, runsBefore: before.length, runsAfter: after.length, p };
}

/**
 * What is certain enough to be named after Holm's correction for all tests that were made: whoever is told of a change looks for
 * its cause, so a single false one has its price; and the measures of a run depend on each other, which this correction bears.
 */
export function named(
  changes: readonly Made<Change>[],
  shifts: readonly Made<Shift>[],
): { changes: Map<string, Change>; shifts: Map<string, Shift> } {
  const corrected = correct([...changes, ...shifts].map(({ shown }) => shown.p));
  return {
    changes: certain(changes, corrected),
    shifts: certain(shifts, corrected.slice(changes.length)),
  };
}

const correct = (all: number[]): number[] => (all.length === 0 ? [] : padjust(all, 'holm'));

function certain<T extends Shift>(made: readonly Made<T>[], corrected: readonly number[]): Map<string, T> {
  const isNamed = ({ shown, leastShift }: Made<T>, p: number): boolean =>
    p <= error && shown.after !== shown.before && Math.abs(shown.after - shown.before) >= leastShift;
  return new Map(
    made.flatMap((one, at): [string, T][] => {
      const p = corrected[at] ?? 1;
      return isNamed(one, p) ? [[one.key, { ...one.shown, p }]] : [];
    }),
  );
}

const nameOf = ({ runId, startedAt, commit }: HistoryRun): Change['first'] => ({ runId, startedAt, commit });

function otherVersions(before: HistoryRun, after: HistoryRun): string[] {
  const names = Object.keys({ ...before.versions, ...after.versions }).sort();
  return names
    .filter((name) => before.versions[name] !== after.versions[name])
    .map((name) => `${name} ${after.versions[name] ?? 'unknown'}, before ${before.versions[name] ?? 'unknown'}`);
}
