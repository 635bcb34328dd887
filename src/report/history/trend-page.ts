import { counts, type Measure, type MeasureTrend, type Trend } from '../../model/history.ts';
import { formatInstant, notMeasured } from '../format.ts';
import { badge, Markup, markup, section, wideTable } from '../html/markup.ts';
import { command, pageHtml } from '../html/shell.ts';
import { historyJson } from './json.ts';
import { trendSvg } from './trend-chart.ts';
import {
  commitText,
  intervalText,
  measureName,
  measureText,
  namedShifts,
  seriesText,
  stateOf,
  stateWords,
  trendHeadline,
  trendNotes,
  valueText,
} from './words.ts';

/** A drill's trend as one HTML file: what changed, each measure over the runs, and the runs themselves. */
export function trendHtml(trend: Trend, again: string): string {
  const title = `${trend.drill} over time`;
  const headline = trendHeadline(trend);
  const body = markup`
    <header class="verdict ${classOf(trend)}">
      <p class="word">${stateWords[stateOf(trend)]}</p>
      <h1>${title}</h1>
      <p class="sentence">${headline}</p>
      <p class="origin">${seriesText(trend)}</p>
    </header>
    ${section('changes', 'What changed', changes(trend))}
    ${section('measures', 'From run to run', charts(trend))}
    ${section('runs', 'The runs', runsTable(trend))}
    ${section('again', 'Look again', command(again))}`;
  return pageHtml({
    outcome: null,
    title: `${stateWords[stateOf(trend)]}: ${title}`,
    description: headline,
    body,
    footer: markup`<p>tenfold, history of <code>${trend.drill}</code></p>`,
    data: { id: 'trend', value: JSON.parse(historyJson(trend)) },
  });
}

const classOf = (trend: Trend): string =>
  ({ worse: 'fail', flaky: 'inconclusive', 'too few': 'inconclusive', better: 'pass', 'none shown': 'pass' })[
    stateOf(trend)
  ];

function changes(trend: Trend): Markup {
  const lines = [...namedShifts(trend).map(({ sentence }) => sentence), ...trendNotes(trend)];
  return markup`<div class="card"><ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul></div>`;
}

const charts = (
  trend: Trend,
): Markup => markup`<div class="cards">${trend.measures.map((measure) => chart(trend, measure))}</div>
  <p class="note">Round: passed. Square: failed. Hollow: inconclusive or not completed, which counts in nothing. A dot at the top is worse
  than any limit. Lines show between which times a value is uncertain; where nothing bounds it they reach the top. A dashed line stands at the first run after a change.</p>`;

const chart = (trend: Trend, measure: MeasureTrend): Markup => markup`<figure class="card">
  <h3>${measureName(measure.id)}</h3>
  ${new Markup(trendSvg(trend, measure))}
  <figcaption>Median ${measure.medianMs === null ? notMeasured : valueText(measure.id, measure.medianMs)}.${measure.isPromised ? '' : ' Nothing is promised of it.'}</figcaption>
</figure>`;

/** Newest first. */
const runsTable = ({ shown, measures }: Trend): Markup =>
  wideTable(
    'The runs',
    markup`<table class="matrix"><thead><tr><th scope="col">Run</th><th scope="col">Started</th><th scope="col">Outcome</th><th scope="col">Commit</th>${measures.map(
      ({ id }) => markup`<th scope="col">${measureName(id)}</th>`,
    )}</tr></thead><tbody>${shown
      .map((run, at) => ({ run, points: measures.map(({ points }) => points[at] ?? null) }))
      .reverse()
      .map(
        ({ run, points }) => markup`<tr><th scope="row">${run.runId}</th><td>${formatInstant(run.startedAt)}</td>
          <td>${counts(run) ? badge(run.outcome) : markup`<span class="badge unjudged">${run.status === 'completed' ? run.outcome : run.status}</span>`}</td>
          <td>${commitText(run.commit)}${run.dirty === true && '+'}</td>${points.map(cell)}</tr>`,
      )}</tbody></table>`,
  );

const cell = (point: Measure | null): Markup =>
  point === null
    ? markup`<td class="missing">${notMeasured}</td>`
    : markup`<td>${measureText(point)}<br><span class="phase">${intervalText(point)}</span></td>`;
