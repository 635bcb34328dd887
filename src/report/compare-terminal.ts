import type { Comparison } from '../model/comparison.ts';
import { outcomeWords } from './outcome-words.ts';
import { colouring, printable, type Style } from './terminal.ts';

const signs: Record<Comparison['rows'][number]['difference'], [sign: string, style: Style]> = {
  real: ['≠', 'yellow'],
  'none shown': ['=', 'green'],
  unknown: ['?', 'dim'],
};

/** Two runs side by side, as lines for a terminal. */
export function comparisonLines({ runs, incomparable, alsoDiffers, rows }: Comparison, colour: boolean): string[] {
  const { style, coloured } = colouring(colour);
  const heads = runs.map(
    ({ drill, runId, profile, target, outcome }, i) =>
      `  ${'AB'[i]}  ${coloured(outcome, outcomeWords[outcome].padEnd(12))}  ${printable(`${drill}, ${profile}, ${target}, ${runId}`)}`,
  );
  if (incomparable.length > 0)
    return [
      ...heads,
      '',
      'These runs cannot be compared:',
      ...incomparable.map((reason) => `  - ${printable(reason)}`),
    ];
  const width = (of: (row: Comparison['rows'][number]) => string): number =>
    Math.max(0, ...rows.map((row) => printable(of(row)).length));
  const widths = [width(({ what }) => what), width(({ values }) => values[0]), width(({ values }) => values[1])];
  const table = rows.map(({ what, values, difference, because }) => {
    const cells = [what, ...values].map((cell, i) => printable(cell).padEnd(widths[i] as number));
    const [sign, format] = signs[difference];
    return `  ${style(format, sign)} ${cells.join('  ')}  ${style('dim', printable(because))}`;
  });
  return [
    ...heads,
    '',
    ...(alsoDiffers.length > 0
      ? ['Also differs, and may be the cause:', ...alsoDiffers.map((text) => `  - ${printable(text)}`), '']
      : []),
    ...table,
    '',
    '≠ real: more than measurement error explains   = none shown   ? unknown. Only more runs show whether it repeats.',
  ];
}
