import type { Capacity } from '../../model/capacity.ts';
import { escapeMarkdown, fenced, judged, origin, table } from '../markdown.ts';
import { capacityHeadline, capacityRows, capacityTitle, stepCells, stepHead } from './words.ts';

/** GitHub-flavoured Markdown for the page of a CI job, or for a pull request. */
export function capacitySummary(capacity: Capacity): string {
  const sections = [
    `## ${judged(capacity.outcome)}: ${capacityTitle}`,
    escapeMarkdown(capacityHeadline(capacity)),
    ...(capacity.standIn === null ? [] : [`> ${escapeMarkdown(capacity.standIn)}`]),
    table(
      ['', ''],
      capacityRows(capacity).map(({ label, text }) => [`**${label}**`, escapeMarkdown(text)]),
    ),
    ...(capacity.trusted
      ? []
      : [
          '### Why the model is not to be trusted',
          capacity.notTrustedBecause.map((because) => `- ${escapeMarkdown(because)}`).join('\n'),
        ]),
    '### The steps',
    table(
      [...stepHead],
      capacity.steps.map((step) => stepCells(step).map(escapeMarkdown)),
    ),
    '### Run it again',
    fenced(capacity.command, 'sh'),
    `<sub>${escapeMarkdown(origin(capacity))}</sub>`,
  ];
  return `${sections.join('\n\n')}\n`;
}
