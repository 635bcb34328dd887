import { formatInstant } from '../format.ts';
import type { ReportInput } from '../report-input.ts';
import { rehearsed, rehearsedText } from '../runbook.ts';
import { type Markup, markup, section, wideTable } from './markup.ts';

/** Which steps of the runbook people did while the drill was on, who and when; nothing without a runbook. */
export function runbookSection({ facts }: ReportInput): Markup | null {
  const { runbook } = facts;
  if (!runbook) return null;
  const table = markup`
      <table><thead><tr><th scope="col">Moment</th><th scope="col">Step</th><th scope="col">By</th><th scope="col">When</th></tr></thead>
        <tbody>${runbook.steps.map(
          ({ moment, title, doneAt, by }) => markup`
        <tr><td>${moment}</td><th scope="row">${title}</th>
        ${doneAt === null ? markup`<td colspan="2">not rehearsed</td>` : markup`<td>${by}</td><td>${formatInstant(doneAt)}</td>`}</tr>`,
        )}</tbody></table>`;
  return section(
    'runbook',
    'Runbook',
    markup`<div class="card"><p>${rehearsedText(runbook)} <code>${runbook.file}</code></p>
    ${rehearsed(runbook).length > 0 && wideTable('Steps of the runbook', table)}</div>`,
  );
}
