import { type Matrix, type MatrixCell, outcomeOfState } from '../../model/matrix.ts';
import { outcomeWords } from '../outcome-words.ts';
import { colouring, printable, type Style } from '../terminal.ts';
import { byDrill, matrixHeadline, platformOf, stateSigns, stateWords } from './words.ts';

/** The matrix as lines for a terminal. reportPath: where prove.html is, as the person can open it. */
export function matrixLines(matrix: Matrix, options: { colour: boolean; reportPath: string }): string[] {
  const { style, coloured } = colouring(options.colour);
  const width = Math.max(0, ...matrix.cells.map((cell) => platformOf(cell).length));
  return [
    `${style('bold', coloured(matrix.outcome, outcomeWords[matrix.outcome]))}  ${printable(matrixHeadline(matrix))}`,
    ...byDrill(matrix).flatMap(({ drill, cells }) => [
      '',
      `  ${style('bold', printable(drill))}`,
      ...cells.map((cell) => `  ${cellLine(cell, { ...options, width })}`),
    ]),
    '',
    `Report  ${options.reportPath}`,
    `Again   ${printable(matrix.command)}`,
  ];
}

/** One cell in a line: its sign, its platform, its state and why. */
export function cellLine(cell: MatrixCell, { colour, width }: { colour: boolean; width: number }): string {
  const { style, coloured } = colouring(colour);
  const outcome = outcomeOfState[cell.state];
  const by: [Style, string] = ['dim', cell.finding === null ? '' : `by ${printable(cell.finding)}: `];
  return [
    coloured(outcome, stateSigns[cell.state]),
    ` ${printable(platformOf(cell)).padEnd(width)}  `,
    coloured(outcome, stateWords[cell.state].padEnd(statesWidth)),
    `  ${style(...by)}${printable(cell.reason)}`,
  ].join('');
}

const statesWidth = Math.max(...Object.values(stateWords).map((word) => word.length));
