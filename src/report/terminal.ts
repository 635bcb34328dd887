import { styleText } from 'node:util';
import type { Finding, Outcome } from '../model/verdict.ts';
import { headline } from './headline.ts';
import { outcomeSigns, outcomeWords, standingOf, standingSigns, worstFirst } from './outcome-words.ts';
import { inASentence } from './replacements.ts';
import type { ReportInput } from './report-input.ts';

/** A colour or a weight of text. */
export type Style = Parameters<typeof styleText>[0];

const outcomeStyles: Record<Outcome, Style> = { pass: 'green', fail: 'red', inconclusive: 'yellow' };

/** Styles text, or leaves it as it is where there is no colour. */
export function colouring(colour: boolean) {
  const style = (format: Style, text: string): string =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  return { style, coloured: (outcome: Outcome, text: string): string => style(outcomeStyles[outcome], text) };
}

/** The verdict as lines for a terminal. reportPath: where report.html is, as the person can open it. */
export function terminalLines(input: ReportInput, options: { colour: boolean; reportPath: string }): string[] {
  const { verdict, plan } = input;
  const { style, coloured } = colouring(options.colour);

  const sign = (finding: Finding): string =>
    finding.outcome === null || standingOf(finding) === 'open'
      ? style('dim', standingSigns[standingOf(finding)])
      : coloured(finding.outcome, outcomeSigns[finding.outcome]);
  const titleWidth = Math.min(48, Math.max(0, ...verdict.findings.map((finding) => printable(finding.title).length)));
  const findings = worstFirst(verdict.findings).map(
    (finding) =>
      `  ${sign(finding)} ${style('bold', printable(finding.title).padEnd(titleWidth))}  ${printable(finding.message)}`,
  );
  return [
    `${style('bold', coloured(verdict.outcome, outcomeWords[verdict.outcome]))}  ${style('bold', printable(plan.title))}`,
    ...(verdict.status === 'completed' ? [] : [printable(headline(input))]),
    '',
    ...(findings.length > 0 ? findings : ['  Nothing was judged.']),
    ...replacementLines(input),
    '',
    `Report  ${options.reportPath}`,
    `Again   ${printable(verdict.command)}`,
  ];
}

const maxReplacements = 10;

/** Where the time of each replacement pod went, a line each. */
function replacementLines({ verdict: { replacements = [] } }: ReportInput): string[] {
  if (replacements.length === 0) return [];
  const lines = replacements
    .slice(0, maxReplacements)
    .map((replacement) => `  ${printable(replacement.pod)}  ${inASentence(replacement)}`);
  const left = replacements.length - lines.length;
  return ['', 'Replacement pods', ...lines, ...(left > 0 ? [`  and ${left} more`] : [])];
}

/** One line, without the control characters with which a name could move the cursor or fake a verdict. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
