import { outcomeOfDecision, type Review, type ReviewedDrill } from '../../model/review.ts';
import { escapeMarkdown, fenced, icons, judged, table } from '../markdown.ts';
import {
  alertText,
  budgetText,
  burnText,
  capacityLines,
  decisionWords,
  noRisks,
  originText,
  overBudget,
  promiseLines,
  reasonWords,
  reviewTitle,
  riskLines,
  runbookLines,
  runsText,
  shortRecovery,
  untilText,
} from './words.ts';

/** GitHub-flavoured Markdown for a pull request. */
export function reviewMarkdown(review: Review): string {
  const sections = [
    `## ${icons[outcomeOfDecision[review.decision]]} ${decisionWords[review.decision]}: ${reviewTitle(review)}`,
    `${escapeMarkdown(review.headline)} It holds until ${untilText(review)}.`,
    ...(review.reasons.length === 0
      ? []
      : [bullets(review.reasons.map(({ speaks, text }) => `**${reasonWords[speaks]}**: ${escapeMarkdown(text)}.`))]),
    table(['Drill', 'Outcome', 'Runs', 'Longest recovery', 'Alerts on the budget', 'Burned'], review.drills.map(row)),
    '### Capacity',
    bullets(capacityLines(review).map(escapeMarkdown)),
    '### Error budget',
    bullets([budgetText(review), ...overBudget(review)].map(escapeMarkdown)),
    '### Promises',
    bullets(promiseLines(review).map(escapeMarkdown)),
    '### Open risks and freezes',
    bullets((riskLines(review).length > 0 ? riskLines(review) : [noRisks]).map(escapeMarkdown)),
    '### Runbooks rehearsed',
    bullets(runbookLines(review).map(escapeMarkdown)),
    '### Not tested',
    review.notTested.length === 0
      ? 'Nothing that was asked for.'
      : bullets(review.notTested.map(({ what, why }) => escapeMarkdown(`${what}: ${why}`))),
    '### Between what was drilled and production',
    review.gaps.length === 0 ? 'None is known, as there is no run.' : bullets(review.gaps.map(escapeMarkdown)),
    '### Ask again',
    fenced(review.command, 'sh'),
    `<sub>${escapeMarkdown(originText(review))}</sub>`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

const row = (drill: ReviewedDrill): string[] => [
  `**${escapeMarkdown(drill.drill)}**: ${escapeMarkdown(drill.title)}`,
  judged(drill.outcome),
  escapeMarkdown(runsText(drill)),
  drill.promises
    .flatMap((promise) => {
      const text = shortRecovery(promise);
      return text === null ? [] : [escapeMarkdown(text)];
    })
    .join('<br>'),
  escapeMarkdown(alertText(drill)),
  burnText(drill),
];
