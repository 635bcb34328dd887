import { join, relative } from 'node:path';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { Matrix, MatrixCell } from '../model/matrix.ts';
import type { Protection } from '../model/protection.ts';
import { cellLine, matrixLines } from '../report/matrix/terminal.ts';
import { hasColour } from './has-colour.ts';

/** Prints a matrix on stdout: for people, or as JSON. */
export function sayMatrix(matrix: Matrix, folder: string, options: { json: boolean }): void {
  const reportPath = relative(process.cwd(), join(folder, 'prove.html'));
  const text = options.json
    ? JSON.stringify(matrix, null, 2)
    : matrixLines(matrix, { colour: hasColour(process.stdout), reportPath }).join('\n');
  process.stdout.write(`${text}\n`);
}

/** One cell in a line of its own. */
export const cellText = (cell: MatrixCell, stream: NodeJS.WriteStream): string =>
  cellLine(cell, { colour: hasColour(stream), width: 0 });

/** Prints what guards what. */
export function sayProtections(protections: readonly Protection[], options: { json: boolean }): ExitCode {
  const width = (of: (protection: Protection) => string) => Math.max(0, ...protections.map((one) => of(one).length));
  const [names, drills, findings] = [width((p) => p.name), width((p) => p.drill), width((p) => p.finding)];
  const lines = protections
    .toSorted((a, b) => a.drill.localeCompare(b.drill))
    .map(
      ({ name, drill, finding, what }) =>
        `${name.padEnd(names)}  ${drill.padEnd(drills)}  ${finding.padEnd(findings)}  ${what}`,
    );
  const head = `${'PROTECTION'.padEnd(names)}  ${'GUARDED BY'.padEnd(drills)}  ${'FINDING'.padEnd(findings)}  WHAT IT DOES`;
  process.stdout.write(`${options.json ? JSON.stringify(protections, null, 2) : [head, ...lines].join('\n')}\n`);
  return exitCodes.pass;
}
