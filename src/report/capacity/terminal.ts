import type { Capacity } from '../../model/capacity.ts';
import { outcomeWords } from '../outcome-words.ts';
import { colouring, printable } from '../terminal.ts';
import { capacityHeadline, capacityRows, stepCells, stepHead } from './words.ts';

/** What a shop carries, as lines for a terminal. reportPath: where the page is, as the person can open it. */
export function capacityLines(capacity: Capacity, options: { colour: boolean; reportPath: string }): string[] {
  const { style, coloured } = colouring(options.colour);
  const rows = capacityRows(capacity);
  const width = Math.max(...rows.map(({ label }) => label.length));
  return [
    `${style('bold', coloured(capacity.outcome, outcomeWords[capacity.outcome]))}  ${printable(capacityHeadline(capacity))}`,
    ...(capacity.standIn === null ? [] : [style('yellow', printable(capacity.standIn))]),
    '',
    ...tableLines([[...stepHead], ...capacity.steps.map(stepCells)]),
    '',
    ...rows.map(
      ({ label, text, isKnown }) =>
        `  ${style('bold', label.padEnd(width))}  ${isKnown ? printable(text) : style('dim', printable(text))}`,
    ),
    ...(capacity.trusted ? [] : ['', 'The model is not to be trusted:']),
    ...capacity.notTrustedBecause.map((because) => `  ? ${printable(because)}`),
    '',
    `Report  ${options.reportPath}`,
    `Again   ${printable(capacity.command)}`,
  ];
}

function tableLines(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => printable(cell).padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
