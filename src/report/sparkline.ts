import type { Facts, SeriesPoint } from '../model/facts.ts';
import { steadyAtMs } from './steady-at.ts';

const blocks = '▁▂▃▄▅▆▇█';

/** A picture of the run in a few lines of text, at most `columns` wide; empty when nothing was measured. */
export function sparklines(facts: Facts, columns = 72): string[] {
  const cells = inColumns(facts.series, columns);
  if (cells.length === 0) return [];
  const p99 = cells.map((cell) => highest(cell.map((point) => point.p99Ms)));
  return [
    row(
      'requests/s',
      cells.map((cell) => highest(cell.map((point) => point.ratePerSecond))),
    ),
    row(
      'failed/s',
      cells.map((cell) => highest(cell.map((point) => point.errorsPerSecond))),
    ),
    row(
      'p99 (log)',
      p99.map((ms) => (ms === null ? null : Math.log10(1 + ms))),
    ),
    markers(facts, cells),
  ];
}

/** Equal slices of time; a slice without a point stays empty, so gaps are seen. */
function inColumns(series: readonly SeriesPoint[], columns: number): SeriesPoint[][] {
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return [];
  const seconds = Math.round((last.atMs - first.atMs) / 1000) + 1;
  const secondsPerColumn = Math.ceil(seconds / columns);
  const cells: SeriesPoint[][] = Array.from({ length: Math.ceil(seconds / secondsPerColumn) }, () => []);
  for (const point of series) cells[Math.floor((point.atMs - first.atMs) / 1000 / secondsPerColumn)]?.push(point);
  return cells;
}

function highest(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function row(label: string, values: (number | null)[]): string {
  const top = highest(values) ?? 0;
  return `${label.padEnd(11)}${values.map((value) => (value === null ? ' ' : blockFor(value, top))).join('')}`;
}

/** As high as a value is of the highest. */
export const blockFor = (value: number, top: number): string =>
  value === 0 ? '·' : (blocks[Math.min(blocks.length - 1, Math.floor((value / top) * blocks.length))] ?? ' ');

function markers(facts: Facts, cells: SeriesPoint[][]): string {
  const { timeline } = facts;
  const line = cells.map(() => ' ');
  const instants = { P: timeline.peakStartMs, F: timeline.injectedAtMs, R: steadyAtMs(facts) };
  for (const [sign, atMs] of Object.entries(instants)) {
    const index = atMs === null ? -1 : cells.findLastIndex((cell) => cell[0] !== undefined && cell[0].atMs <= atMs);
    if (index >= 0) line[index] = sign;
  }
  const meaning = { P: 'peak', F: 'fault', R: timeline.injectedAtMs === null ? 'return to the baseline' : 'recovered' };
  const key = Object.entries(meaning)
    .filter(([sign]) => line.includes(sign))
    .map((pair) => pair.join(' '));
  return `${' '.repeat(11)}${line.join('').trimEnd()}  (${key.join(', ')})`;
}
