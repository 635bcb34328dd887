import type { Suite, SuiteRun } from '../../model/suite.ts';
import { formatInstant } from '../format.ts';
import { badge, icon, type Markup, markup, section } from '../html/markup.ts';
import { command, pageHtml } from '../html/shell.ts';
import { outcomeWords } from '../outcome-words.ts';
import { durationOf, notRun, suiteHeadline, suiteTitle } from './words.ts';

/** Several runs as one HTML file, each with a link to its report. */
export function suiteHtml(suite: Suite): string {
  const body = markup`
    <header class="verdict ${suite.outcome}">
      <p class="word">${icon(suite.outcome)}${outcomeWords[suite.outcome]}</p>
      <h1>${suiteTitle(suite)}</h1>
      <p class="sentence">${suiteHeadline(suite)}</p>
      <p class="origin">${`target ${suite.target} · profile ${suite.profile} · ${formatInstant(suite.startedAt)}`}</p>
    </header>
    ${section('drills', 'Drills', drills(suite))}
    ${section('again', 'Run it again', command(suite.command))}`;
  return pageHtml({
    outcome: suite.outcome,
    title: suiteTitle(suite),
    description: suiteHeadline(suite),
    body,
    footer: markup`<p>tenfold, suite <code>${suite.id}</code></p>`,
    data: { id: 'suite', value: suite },
  });
}

const drills = (suite: Suite): Markup => markup`
  <table class="findings">
    <thead><tr><th scope="col">Outcome</th><th scope="col">Drill</th></tr></thead>
    <tbody>${suite.runs.map(row)}${suite.left.map(
      (drill) =>
        markup`<tr><td>${badge(null)}</td><td class="finding"><b>${drill}</b><p>${notRun(suite)}</p></td></tr>`,
    )}</tbody>
  </table>`;

const row = (run: SuiteRun): Markup => markup`
  <tr><td>${badge(run.outcome)}</td>
  <td class="finding"><span><a href="${hrefOf(run.folder)}">${run.title}</a><br>${run.drill}, ${durationOf(run)}</span>
    <p>${run.headline}</p></td></tr>`;

const hrefOf = (folder: string): string => `${folder.split('/').map(encodeURIComponent).join('/')}/report.html`;
