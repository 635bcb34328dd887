import type { HistoryRun, LeftOut, Measure, MeasureTrend, Trend } from '../../model/history.ts';
import { counts } from '../../model/history.ts';
import { notMeasured, plural } from '../format.ts';
import { outcomeSigns, outcomeWords } from '../outcome-words.ts';
import { blockFor } from '../sparkline.ts';
import { colouring, printable, type Style } from '../terminal.ts';
import {
  commitText,
  intervalText,
  leftOutText,
  measureName,
  measureText,
  namedShifts,
  seriesText,
  stateOf,
  stateWords,
  type TrendState,
  trendHeadline,
  trendNotes,
  valueText,
} from './words.ts';

/** Runs of the history, newest first. */
export function historyLines(
  { runs, total, leftOut }: { runs: readonly HistoryRun[]; total: number; leftOut: readonly LeftOut[] },
  colour: boolean,
): string[] {
  const { style, coloured } = colouring(colour);
  const head = ['STARTED', 'RUN', 'DRILL', 'OUTCOME', 'TARGET', 'PROFILE', 'RECOVERY', 'API P99 AT PEAK', 'COMMIT'];
  const rows = runs.map(cellsOf);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return [
    style('dim', line(head).trimEnd()),
    ...rows.map((cells, at) => {
      const text = line(cells).trimEnd();
      const run = runs[at] as HistoryRun;
      return counts(run) ? text.replace(outcomeText(run), coloured(run.outcome, outcomeText(run))) : style('dim', text);
    }),
    ...(total > runs.length ? ['', `The newest ${runs.length} of ${plural(total, 'run')}; --last shows more.`] : []),
    ...leftOutLines(leftOut),
  ];
}

function cellsOf(run: HistoryRun): string[] {
  const { startedAt, runId, drill, target, profile, commit, dirty, measures } = run;
  const started = `${startedAt.slice(0, 16).replace('T', ' ')}`;
  const p99 = measures.find(({ id }) => id === 'p99.api.peak') ?? null;
  return [
    started,
    runId,
    drill,
    outcomeText(run),
    target,
    profile,
    slowestText(measures),
    measureText(p99),
    `${commitText(commit)}${dirty ? '+' : ''}`,
  ].map(printable);
}

/** The status, too, where it is the reason that nothing is known. */
const outcomeText = ({ outcome, status }: HistoryRun): string =>
  `${outcomeSigns[outcome]} ${outcomeWords[outcome]}${status === 'completed' ? '' : `, ${status}`}`;

/** The slowest recovery that was promised. */
function slowestText(measures: readonly Measure[]): string {
  const recoveries = measures.filter(({ id, isPromised }) => isPromised && id.startsWith('recovery.'));
  const slowest = recoveries.reduce<Measure | null>(
    (most, one) => (most && most.valueMs >= one.valueMs ? most : one),
    null,
  );
  return slowest === null ? notMeasured : `${measureText(slowest)} (${slowest.id.split('.')[1]})`;
}

const mostLeftOut = 30;

/** As many as a person can look at; --json has all. */
function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.slice(0, mostLeftOut).map((one) => `  - ${printable(leftOutText(one))}`);
  const more = leftOut.length - lines.length;
  const folders = plural(leftOut.length, 'folder');
  return [
    '',
    `Told apart or left out: ${folders}`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more; --json has all`] : []),
  ];
}

const stateStyles: Record<TrendState, Style> = {
  worse: 'red',
  flaky: 'yellow',
  'too few': 'yellow',
  better: 'green',
  'none shown': 'green',
};

/** A drill's trend. chartPath: where the page is, as the person can open it; null where none could be written. */
export function trendLines(
  trend: Trend,
  leftOut: readonly LeftOut[],
  { colour, chartPath }: { colour: boolean; chartPath: string },
): string[] {
  const { style } = colouring(colour);
  const state = stateOf(trend);
  return [
    `${style('bold', style(stateStyles[state], stateWords[state]))}  ${style('bold', printable(`${trend.drill}, ${seriesText(trend)}`))}`,
    printable(trendHeadline(trend)),
    '',
    ...table(trend),
    '',
    ...namedShifts(trend).map(({ isWorse, sentence }) => `  ${isWorse ? '✗' : '·'} ${printable(sentence)}`),
    ...trendNotes(trend).map((note) => `  · ${printable(note)}`),
    ...leftOutLines(leftOut),
    '',
    `Chart  ${chartPath}`,
  ];
}

const sparkColumns = 40;

function table(trend: Trend): string[] {
  const counted = trend.shown.map(counts);
  const rows = trend.measures.map((measure) => {
    const points = measure.points.filter((_, at) => counted[at]).slice(-sparkColumns);
    const newest = points.findLast((point) => point !== null) ?? null;
    return [
      `${measureName(measure.id)}${measure.isPromised ? '' : ' *'}`,
      sparkOf(points),
      measure.medianMs === null ? notMeasured : valueText(measure.id, measure.medianMs),
      measureText(newest),
      newest === null ? '' : intervalText(newest),
      markOf(measure),
    ];
  });
  const head = ['', `NEWEST ${sparkColumns} RUNS THAT COUNT`, 'MEDIAN', 'NEWEST', 'BETWEEN', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return trend.measures.every(({ isPromised }) => isPromised) ? lines : [...lines, '  * nothing is promised of it'];
}

function markOf({ isPromised, change, againstReference }: MeasureTrend): string {
  const shift = change ?? againstReference;
  if (shift === null) return '';
  const arrow = shift.direction === 'up' ? '↑' : '↓';
  return isPromised ? `${arrow} ${shift.direction === 'up' ? 'worse' : 'better'}` : arrow;
}

function sparkOf(points: readonly (Measure | null)[]): string {
  const finite = points.flatMap((point) => (point !== null && Number.isFinite(point.valueMs) ? [point.valueMs] : []));
  const top = Math.max(0, ...finite);
  return points
    .map((point) => (point === null ? ' ' : Number.isFinite(point.valueMs) ? blockFor(point.valueMs, top) : '✗'))
    .join('');
}
