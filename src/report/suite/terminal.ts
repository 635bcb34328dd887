import type { Suite } from '../../model/suite.ts';
import { outcomeSigns, outcomeWords } from '../outcome-words.ts';
import { colouring, printable } from '../terminal.ts';
import { durationOf, suiteHeadline } from './words.ts';

/** The table of several runs as lines for a terminal. pathOf: a file of the suite, or of a run, as the person can open it. */
export function suiteLines(suite: Suite, options: { colour: boolean; pathOf: (file: string) => string }): string[] {
  const { style, coloured } = colouring(options.colour);
  const width = Math.max(0, ...[...suite.runs.map(({ drill }) => drill), ...suite.left].map((name) => name.length));
  return [
    `${style('bold', coloured(suite.outcome, outcomeWords[suite.outcome]))}  ${printable(suiteHeadline(suite))}`,
    '',
    ...suite.runs.flatMap((run) => [
      `  ${coloured(run.outcome, outcomeSigns[run.outcome])} ${style('bold', run.drill.padEnd(width))}  ` +
        `${durationOf(run).padStart(10)}  ${printable(run.headline)}`,
      `    ${''.padEnd(width)}  ${''.padStart(10)}  ${style('dim', options.pathOf(`${run.folder}/report.html`))}`,
    ]),
    ...suite.left.map((drill) => `  · ${style('bold', printable(drill).padEnd(width))}  ${'not run'.padStart(10)}`),
    ...suite.leftOut.map((what) => `  · left out: ${printable(what)}`),
    '',
    `Report  ${options.pathOf('all.html')}`,
    `Again   ${printable(suite.command)}`,
  ];
}
