import type { Capacity } from '../../model/capacity.ts';
import { formatInstant } from '../format.ts';
import { icon, Markup, markup, section, wideTable } from '../html/markup.ts';
import { command, pageHtml } from '../html/shell.ts';
import { outcomeWords } from '../outcome-words.ts';
import { capacitySvg } from './chart.ts';
import { capacityHeadline, capacityRows, capacityTitle, stepCells, stepHead } from './words.ts';

/** What a shop carries, as one HTML file. */
export function capacityHtml(capacity: Capacity): string {
  const headline = capacityHeadline(capacity);
  const { outcome, target, profile, startedAt, standIn, runId } = capacity;
  const body = markup`
    <header class="verdict ${outcome}">
      <p class="word">${icon(outcome)}${outcomeWords[outcome]}</p>
      <h1>${capacityTitle}</h1>
      <p class="sentence">${headline}</p>
      ${standIn !== null && markup`<p class="sentence"><b>${standIn}</b></p>`}
      <p class="origin">${`target ${target} · profile ${profile} · ${formatInstant(startedAt)}`}</p>
    </header>
    ${section('results', 'Results', results(capacity))}
    ${section('law', 'Answers by calls in flight', law(capacity))}
    ${section('steps', 'The steps', stepsTable(capacity))}
    ${section('fidelity', 'What differs from production', fidelity(capacity))}
    ${section('again', 'Run it again', command(capacity.command))}`;
  return pageHtml({
    outcome,
    title: capacityTitle,
    description: headline,
    body,
    footer: markup`<p>tenfold, run <code>${runId}</code>; <a href="report.html">the run itself</a></p>`,
    data: { id: 'capacity', value: capacity },
  });
}

const results = (capacity: Capacity): Markup =>
  wideTable(
    'Results',
    markup`<table><tbody>${capacityRows(capacity).map(
      ({ label, text, isKnown }) =>
        markup`<tr><th scope="row"><b>${label}</b></th><td>${isKnown ? text : markup`<span class="missing">${text}</span>`}</td></tr>`,
    )}</tbody></table>`,
  );

const law = (capacity: Capacity): Markup => markup`<div class="cards">
  <figure class="card">${new Markup(capacitySvg(capacity))}
    <figcaption>Round: nothing gave way. Square: a promise was broken. Hollow: not in the law. Dashed: ten times the baseline. The line is the
      Universal Scalability Law.</figcaption></figure>
  <div class="card"><h3>Is the model to be trusted?</h3>${trust(capacity)}</div></div>`;

const trust = ({ trusted, notTrustedBecause }: Capacity): Markup =>
  trusted
    ? markup`<p>Yes: it met a step that it had not seen, and nothing speaks against it.</p>`
    : markup`<p>No:</p><ul>${notTrustedBecause.map((because) => markup`<li>${because}</li>`)}</ul>`;

const stepsTable = ({ steps }: Capacity): Markup =>
  wideTable(
    'The steps',
    markup`<table><thead><tr>${stepHead.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${steps.map((step) => {
        const [first = '', ...others] = stepCells(step);
        return markup`<tr><th scope="row">${first}</th>${others.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
      })}</tbody></table>`,
  );

const fidelity = ({
  environment,
}: Capacity): Markup => markup`<div class="card fidelity"><p>Scale: ${environment.scale}.</p>
  <ul>${environment.fidelity.map((line) => markup`<li>${line}</li>`)}</ul></div>`;
