import { outcomeOfDecision, type Review, type ReviewedDrill, type ReviewedPromise } from '../../model/review.ts';
import { badge, icon, type Markup, markup, section, wideTable } from '../html/markup.ts';
import { command, pageHtml } from '../html/shell.ts';
import {
  alertText,
  budgetText,
  burnText,
  capacityLines,
  decisionWords,
  noRisks,
  originText,
  overBudget,
  reasonWords,
  recoveryText,
  reviewTitle,
  riskLines,
  runbookLines,
  runsText,
  shortRecovery,
  shownText,
  untilText,
} from './words.ts';

/** A review as one HTML file, which prints on A4: the decision and its reasons first, then what they rest on. */
export function reviewHtml(review: Review): string {
  const outcome = outcomeOfDecision[review.decision];
  const body = markup`
    <header class="verdict ${outcome}">
      <p class="word">${icon(outcome)}${decisionWords[review.decision]}</p>
      <h1>${reviewTitle(review)}</h1>
      <p class="sentence">${review.headline}</p>
      <p class="sentence">It holds until ${untilText(review)}, and only for this commit and what is named below.</p>
      <p class="origin">${originText(review)}</p>
    </header>
    ${review.reasons.length > 0 && section('reasons', 'Why', list(review.reasons.map(({ speaks, text }) => `${reasonWords[speaks]}: ${text}.`)))}
    ${section('drills', 'Drill by drill', drillsTable(review))}
    ${section('capacity', 'Capacity', list(capacityLines(review)))}
    ${section('untested', 'Not tested', untested(review))}
    ${section('runbooks', 'Runbooks rehearsed', list(runbookLines(review)))}
    ${section('risks', 'Open risks and freezes', list(riskLines(review), noRisks))}
    ${section('budget', 'Error budget', list([budgetText(review), ...overBudget(review)]))}
    ${section('gaps', 'Between what was drilled and production', list(review.gaps, 'None is known, as there is no run.'))}
    ${section('identity', 'What it is about', identity(review))}
    ${section('promises', 'Promises and their evidence', markup`${review.drills.map((drill) => drillTable(drill, review))}`)}
    ${section('runs', 'The runs', runs(review))}
    ${section('again', 'Ask again', command(review.command))}`;
  return pageHtml({
    outcome: null,
    title: `${decisionWords[review.decision]}: ${reviewTitle(review)}`,
    description: review.headline,
    body,
    footer: markup`<p>tenfold, review <code>${review.id}</code>. <code>manifest.json</code> has the checksums of all that it rests on.</p>`,
    data: { id: 'review', value: review },
  });
}

const list = (lines: readonly string[], none = 'None.'): Markup =>
  markup`<div class="card">${lines.length === 0 ? markup`<p>${none}</p>` : markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`}</div>`;

const drillTable = (drill: ReviewedDrill, review: Review): Markup => markup`
  <h3 id="drill-${drill.drill}"><span>${drill.drill}: ${drill.title}</span>${badge(drill.outcome)}</h3>
  <p class="note">${runsText(drill)}${drill.waivedBy.length > 0 && `; waived by risk ${drill.waivedBy.join(', ')}`}.</p>
  ${
    drill.promises.length > 0 &&
    markup`<table class="findings"><thead><tr><th scope="col">Outcome</th><th scope="col">Promise</th></tr></thead>
    <tbody>${drill.promises.map((promise) => promiseRow(promise, review))}</tbody></table>`
  }`;

const promiseRow = (promise: ReviewedPromise, { evidence }: Review): Markup => markup`
  <tr><td>${badge(promise.outcome)}</td><td class="finding"><span><b>${promise.title}</b><br>${shownText(promise, evidence)}</span>
  <p>${recoveryText(promise) ?? promise.worst} <span class="phase">worst: ${promise.worstRun}</span></p></td></tr>`;

const drillsTable = ({ drills }: Review): Markup => markup`${wideTable(
  'Drill by drill',
  markup`<table><thead><tr><th scope="col">Drill</th><th scope="col">Outcome</th><th scope="col">Runs</th><th scope="col">Longest recovery</th><th scope="col">Alerts on the budget</th><th scope="col">Burned</th></tr></thead>
    <tbody>${drills.map(
      (
        drill,
      ) => markup`<tr><th scope="row"><a href="#drill-${drill.drill}">${drill.drill}</a></th><td>${badge(drill.outcome)}</td>
        <td>${runsText(drill)}</td><td>${recoveries(drill)}</td><td>${alertText(drill)}</td><td>${burnText(drill)}</td></tr>`,
    )}</tbody></table>`,
)}
  <p class="note">The longest recovery of all runs, of what is promised; in brackets the percentile that so many runs bound, at 95 % confidence. Burned: the most of the
  month's error budget in one run.</p>`;

const recoveries = ({ promises }: ReviewedDrill): Markup[] =>
  promises.flatMap((promise) => {
    const text = shortRecovery(promise);
    return text === null ? [] : [markup`<p>${text}</p>`];
  });

const untested = ({ notTested }: Review): Markup =>
  list(
    notTested.map(({ what, why }) => `${what}: ${why}`),
    'Nothing that was asked for.',
  );

const identity = ({ identity: { commit, dirty, versions } }: Review): Markup =>
  markup`<div class="card"><dl class="rows">
    <div><dt>commit</dt><dd>${commit ?? 'unknown'}${dirty === true && ', with changes that are not committed'}</dd></div>
    ${Object.entries(versions).map(([name, version]) => markup`<div><dt>${name}</dt><dd>${version}</dd></div>`)}</dl></div>`;

const runs = ({ drills }: Review): Markup =>
  wideTable(
    'The runs',
    markup`<table><thead><tr><th scope="col">Run</th><th scope="col">Drill</th><th scope="col">Outcome</th><th scope="col">SHA-256 of its verdict</th></tr></thead>
    <tbody>${drills.flatMap(({ drill, runs: all }) =>
      all.map(
        (run) =>
          markup`<tr><th scope="row">${run.runId}</th><td>${drill}</td><td>${run.status === 'completed' ? badge(run.outcome) : run.status}</td><td><code>${run.sha256}</code></td></tr>`,
      ),
    )}</tbody></table>`,
  );
