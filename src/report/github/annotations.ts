import type { Matrix } from '../../model/matrix.ts';
import { outcomeOfState } from '../../model/matrix.ts';
import { outcomeOfDecision, type Review } from '../../model/review.ts';
import { type Outcome, outcomes } from '../../model/verdict.ts';
import { clean } from '../clean.ts';
import { plural } from '../format.ts';
import { headline } from '../headline.ts';
import { platformOf, stateWords } from '../matrix/words.ts';
import { standingOf, worstFirst } from '../outcome-words.ts';
import type { ReportInput } from '../report-input.ts';
import { decisionWords, reasonWords, reviewTitle } from '../review/words.ts';

/** What GitHub shows beside a file, and on the page of the job. */
export interface Annotation {
  outcome: Outcome;
  title: string;
  message: string;
  /** In the repository; null where it is about none of its files. */
  file: string | null;
}

/** GitHub shows so many of a level for a step, and drops the others without a word. */
const mostOfALevel = 10;
const levels: Record<Outcome, string> = { fail: 'error', inconclusive: 'warning', pass: 'notice' };

/** The findings of a run that did not pass; of one that passed, its headline. */
export function annotationsOf(input: ReportInput, file: string | null): Annotation[] {
  const { verdict, plan } = input;
  if (verdict.outcome === 'pass') return [{ outcome: 'pass', title: plan.title, message: headline(input), file }];
  return worstFirst(verdict.findings).flatMap((finding) => {
    const standing = standingOf(finding);
    if (standing !== 'fail' && standing !== 'inconclusive') return [];
    return [{ outcome: standing, title: `${verdict.drill}: ${finding.title}`, message: finding.message, file }];
  });
}

/** The cells of a matrix that show a hole, cry wolf or cannot tell. */
export const matrixAnnotations = ({ cells }: Matrix, fileOf: (drill: string) => string | null): Annotation[] =>
  cells
    .map((cell) => ({
      outcome: outcomeOfState[cell.state],
      title: `${cell.drill}, ${platformOf(cell)}: ${stateWords[cell.state]}`,
      message: cell.reason,
      file: fileOf(cell.drill),
    }))
    .filter(({ outcome }) => outcome !== 'pass');

/** What a review decided, and each reason that stands against a go, or is missing for one. */
export function reviewAnnotations(review: Review): Annotation[] {
  const title = `${decisionWords[review.decision]}: ${reviewTitle(review)}`;
  return [
    { outcome: outcomeOfDecision[review.decision], title, message: review.headline, file: null },
    ...review.reasons.flatMap(({ speaks, text }): Annotation[] =>
      speaks === 'waived'
        ? []
        : [
            {
              outcome: speaks === 'against' ? 'fail' : 'inconclusive',
              title: reasonWords[speaks],
              message: text,
              file: null,
            },
          ],
    ),
  ];
}

/** As workflow commands, a line each; where there are more of a level than are shown, the last one counts the rest. */
export function workflowCommands(annotations: readonly Annotation[]): string[] {
  return outcomes.toReversed().flatMap((outcome) => {
    const all = annotations.filter((annotation) => annotation.outcome === outcome);
    if (all.length <= mostOfALevel) return all.map(commandOf);
    const shown = all.slice(0, mostOfALevel - 1);
    const left = plural(all.length - shown.length, `more ${levels[outcome]}`);
    return [...shown, { outcome, title: left, message: 'The job summary has all of them.', file: null }].map(commandOf);
  });
}

function commandOf({ outcome, title, message, file }: Annotation): string {
  const properties = [...(file === null ? [] : [`file=${inProperty(file)}`]), `title=${inProperty(title)}`];
  return `::${levels[outcome]} ${properties.join(',')}::${inMessage(message)}`;
}

/** As @actions/core escapes them: what stands in a line could otherwise end it, and begin another command. */
const inMessage = (text: string): string =>
  clean(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const inProperty = (text: string): string => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
