import {
  counts,
  type HistoryRun,
  type MeasureTrend,
  measureIds,
  type Reference,
  type Series,
  type Trend,
} from '../model/history.ts';
import { leastToShowAChange } from '../statistics/change-point.ts';
import { leastRankTestP, mean, median } from '../statistics/rank-test.ts';
import { isTested, type Line, lineOf, resolutionMsOf, valuesIn } from './line.ts';
import { outcomeTrend } from './outcome-trend.ts';
import { error, named, testForChange, testForShift } from './tests.ts';

/** Older runs tell of a shop that has changed many times since. */
export const mostShown = 200;
/** Of a reference, and of what is compared with it: enough for a shift, and few enough to be of one time. */
export const mostCompared = 20;

/** The runs of a reference, and when a person named them. */
export interface ReferenceRuns {
  runs: readonly HistoryRun[];
  setAt: string;
}

/**
 * What changed in a series. Tested are the times that were promised, detection, and the outcomes: each for one change of level, and
 * against the reference. With one, what was before it is accepted, and not looked at any more.
 * @param newest runs of the series, in any order.
 */
export function trendOf(
  series: Series,
  newest: readonly HistoryRun[],
  reference: ReferenceRuns | null,
): Omit<Trend, 'notCompared'> {
  const from = reference?.runs.toSorted(byTime)[0];
  const shown = newest
    .toSorted(byTime)
    .filter((run) => from === undefined || byTime(run, from) >= 0)
    .slice(-mostShown);
  const counted = shown.filter(counts);
  const later = counted.filter((run) => reference?.runs.every((one) => byTime(run, one) > 0));
  const lines = measureIds
    .map((id) => lineOf(id, shown))
    .filter(({ points }) => points.some((point) => point !== null));
  const tests = testsOf(
    lines.filter(isTested),
    counted,
    reference && { before: reference.runs, after: later.slice(-mostCompared) },
  );
  return {
    ...series,
    shown: shown.map(({ measures, ...run }) => run),
    measures: lines.map((line) => measureTrend(line, tests)),
    outcomes: outcomeTrend(counted, tests.changes.get(outcomesKey) ?? null, tests.changes.size > 0, tests.leastRuns),
    reference: reference && referenceOf(reference, later.length, tests.atMostP),
    error,
    tests: tests.made,
    leastRuns: tests.leastRuns,
  };
}

const outcomesKey = 'outcomes';
type Tests = ReturnType<typeof testsOf>;

function testsOf(
  tested: readonly Line[],
  counted: readonly HistoryRun[],
  compared: { before: readonly HistoryRun[]; after: readonly HistoryRun[] } | null,
) {
  const most = 1 + tested.length * (compared === null ? 1 : 2);
  const atMostP = error / most;
  const leastRuns = leastToShowAChange(atMostP);
  // Their mean is the share that failed; their median would be all or none.
  const failures = counted.map(({ outcome }) => (outcome === 'fail' ? 1 : 0));
  const changes = [
    testForChange(outcomesKey, { values: failures, runs: counted }, { leastRuns, leastShift: 0, levelOf: mean }),
    ...tested.map((line) => testForChange(line.id, line, { leastRuns, leastShift: resolutionMsOf(line) })),
  ].filter((one) => one !== null);
  const shifts = tested
    .map((line) => {
      const values = compared && {
        before: valuesIn(compared.before, line.id),
        after: valuesIn(compared.after, line.id),
      };
      return values && testForShift(line.id, values, { atMostP, leastShift: resolutionMsOf(line) });
    })
    .filter((one) => one !== null);
  return { made: changes.length + shifts.length, atMostP, leastRuns, ...named(changes, shifts) };
}

function measureTrend({ id, isPromised, points, values }: Line, { changes, shifts }: Tests): MeasureTrend {
  return {
    id,
    isPromised,
    points,
    measured: values.length,
    medianMs: values.length === 0 ? null : median(values),
    change: changes.get(id) ?? null,
    againstReference: shifts.get(id) ?? null,
  };
}

const referenceOf = ({ runs, setAt }: ReferenceRuns, runsSince: number, atMostP: number): Reference => ({
  runIds: runs.toSorted(byTime).map(({ runId }) => runId),
  setAt,
  runsSince,
  least: {
    runs: leastBeside(mostCompared, atMostP) ?? mostCompared,
    since: leastBeside(runs.length, atMostP),
  },
});

/** How many values it takes beside so many to be certain enough; null: more than are ever compared. */
function leastBeside(others: number, atMostP: number): number | null {
  for (let count = 1; count <= mostCompared; count += 1) if (leastRankTestP(count, others) <= atMostP) return count;
  return null;
}

/** Runs that began at once, as on two machines, by their ids. */
const byTime = (a: HistoryRun, b: HistoryRun): number =>
  a.startedAt === b.startedAt
    ? a.runId < b.runId
      ? -1
      : Number(a.runId > b.runId)
    : a.startedAt < b.startedAt
      ? -1
      : 1;
