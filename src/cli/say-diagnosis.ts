import type { Answer } from '../doctor/check.ts';
import type { Diagnosis } from '../doctor/examine.ts';
import { colouring, printable, type Style } from '../report/terminal.ts';
import { hasColour } from './has-colour.ts';

const signs: Record<Answer['outcome'], { mark: string; style: Style }> = {
  ok: { mark: '+', style: 'green' },
  warning: { mark: '!', style: 'yellow' },
  problem: { mark: 'x', style: 'red' },
  unknown: { mark: '?', style: 'yellow' },
};

/** Prints what the doctor found on stdout: for people, or as JSON. */
export function sayDiagnosis(diagnosis: Diagnosis, options: { json: boolean }): void {
  const text = options.json
    ? JSON.stringify(diagnosis, null, 2)
    : diagnosisLines(diagnosis, { colour: hasColour(process.stdout) }).join('\n');
  process.stdout.write(`${text}\n`);
}

/** A line for each answer with its mark, its remedy below it, and the counts last. */
export function diagnosisLines({ checks, counts }: Diagnosis, { colour }: { colour: boolean }): string[] {
  const { style } = colouring(colour);
  const width = Math.max(0, ...checks.map(({ title }) => title.length));
  const below = ' '.repeat(width + 6);
  const answers = checks.flatMap(({ title, answers }) =>
    answers.flatMap(({ outcome, message, remedy }) => {
      const { mark, style: colourOf } = signs[outcome];
      const [first = '', ...rest] = message.split('\n').map(printable);
      return [
        `  ${style(colourOf, mark)} ${style('bold', title.padEnd(width))}  ${first}`,
        ...rest.map((line) => `${below}${line}`),
        ...(remedy === undefined ? [] : [`${below}what to do: ${printable(remedy)}`]),
      ];
    }),
  );
  const { problem, warning, unknown, ok } = counts;
  return [
    ...answers,
    '',
    `${counted(problem, 'problem')}, ${counted(warning, 'warning')}, ${unknown} unknown, ${ok} ok`,
  ];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
