import type { Suite, SuiteRun } from '../../model/suite.ts';
import { formatInstant } from '../format.ts';
import { escapeMarkdown, fenced, judged, table } from '../markdown.ts';
import { durationOf, suiteHeadline, suiteTitle } from './words.ts';

/** GitHub-flavoured Markdown for the page of a CI job. Folders are relative to that of the suite. */
export function suiteSummary(suite: Suite): string {
  const left = suite.left.map((drill) => [`**${escapeMarkdown(drill)}**`, judged('inconclusive'), 'not run', '', '']);
  const sections = [
    `## ${judged(suite.outcome)}: ${suiteTitle(suite)}`,
    escapeMarkdown(suiteHeadline(suite)),
    table(['Drill', 'Outcome', 'Took', 'What was seen', 'Run'], [...suite.runs.map(row), ...left]),
    '### Run it again',
    fenced(suite.command, 'sh'),
    `<sub>${escapeMarkdown(`On ${suite.target}, profile ${suite.profile}, ${formatInstant(suite.startedAt)}.`)}</sub>`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const row = (run: SuiteRun): string[] => [
  `**${escapeMarkdown(run.drill)}**: ${escapeMarkdown(run.title)}`,
  judged(run.outcome),
  durationOf(run),
  escapeMarkdown(run.headline),
  `\`${run.folder}\``,
];
