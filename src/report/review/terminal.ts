import { outcomeOfDecision, type Review } from '../../model/review.ts';
import { outcomeSigns } from '../outcome-words.ts';
import { colouring, printable } from '../terminal.ts';
import { decisionWords, reasonWords, recoveryText, reviewTitle, runsText, untilText } from './words.ts';

/** A review as lines for a terminal. pathOf: a file of its folder, as the person can open it. */
export function reviewLines(review: Review, options: { colour: boolean; pathOf: (file: string) => string }): string[] {
  const { style, coloured } = colouring(options.colour);
  const { decision, headline, reasons, drills, notTested } = review;
  return [
    `${style('bold', coloured(outcomeOfDecision[decision], decisionWords[decision]))}  ${style('bold', reviewTitle(review))}`,
    printable(headline),
    ...(decision === 'go' ? [`It holds until ${untilText(review)}.`] : []),
    '',
    ...reasons.map(({ speaks, text }) => `  ${style('bold', reasonWords[speaks].padEnd(8))} ${printable(text)}`),
    ...(reasons.length > 0 ? [''] : []),
    ...drills.flatMap((drill) => [
      `  ${coloured(drill.outcome, outcomeSigns[drill.outcome])} ${style('bold', printable(drill.drill))}  ${runsText(drill)}`,
      ...drill.promises.flatMap((promise) => {
        const text = recoveryText(promise);
        return text === null ? [] : [`      ${printable(promise.title)}: ${text}`];
      }),
    ]),
    ...(notTested.length > 0 ? ['', `${notTested.length} things were not tested: the report names them.`] : []),
    '',
    `Report  ${options.pathOf('review.html')}`,
    `Again   ${printable(review.command)}`,
  ];
}
