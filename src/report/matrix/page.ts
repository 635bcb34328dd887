import { type CellState, cellStates, type Matrix, type MatrixCell, outcomeOfState } from '../../model/matrix.ts';
import { formatInstant } from '../format.ts';
import { icon, type Markup, markup, section, wideTable } from '../html/markup.ts';
import { command, pageHtml } from '../html/shell.ts';
import { outcomeWords } from '../outcome-words.ts';
import { byDrill, matrixHeadline, platformOf, stateMeanings, stateWords } from './words.ts';

const title = 'Can each drill fail?';

/** The matrix as one HTML file: at a glance, then each cell with its reason and a link to its run. */
export function matrixHtml(matrix: Matrix): string {
  const body = markup`
    <header class="verdict ${matrix.outcome}">
      <p class="word">${icon(matrix.outcome)}${outcomeWords[matrix.outcome]}</p>
      <h1>${title}</h1>
      <p class="sentence">${matrixHeadline(matrix)}</p>
      <p class="origin">${origin(matrix)}</p>
    </header>
    ${section('matrix', 'The matrix', overview(matrix))}
    ${byDrill(matrix).map((group) => drillSection(group))}
    ${section('words', 'What the words mean', meanings())}
    ${section('again', 'Run it again', command(matrix.command))}`;
  return pageHtml({
    outcome: matrix.outcome,
    title,
    description: matrixHeadline(matrix),
    body,
    footer: markup`<p>tenfold, matrix <code>${matrix.id}</code></p>`,
    data: { id: 'matrix', value: matrix },
  });
}

function origin({ target, profile, startedAt, finishedAt, environment }: Matrix): string {
  const commit = environment?.commit ?? null;
  const facts = [
    `target ${target}`,
    `profile ${profile}`,
    `started ${instant(startedAt)}`,
    finishedAt === null ? 'not finished' : `ended ${instant(finishedAt)}`,
    commit === null
      ? 'commit unknown'
      : `commit ${commit.slice(0, 12)}${environment?.dirty ? ', with uncommitted changes' : ''}`,
  ];
  return facts.join(' · ');
}

const instant = (iso: string): string => formatInstant(iso.replace(/\.\d+Z$/, 'Z'));

/** Drills across, protections down; each mark leads to its row below. */
function overview(matrix: Matrix): Markup {
  const groups = byDrill(matrix);
  const rows = [null, ...matrix.cells.flatMap(({ without }) => (without === null ? [] : [without]))];
  const marks = (without: string | null): Markup[] =>
    groups.map(({ cells }) => {
      const cell = cells.find((candidate) => candidate.without === without);
      return cell === undefined ? markup`<td class="empty"></td>` : markup`<td>${mark(cell)}</td>`;
    });
  return wideTable(
    'The matrix',
    markup`<table class="matrix">
      <thead><tr><th scope="col">Platform</th>${groups.map(({ drill }) => markup`<th scope="col">${drill}</th>`)}</tr></thead>
      <tbody>${rows.map((without) => markup`<tr><th scope="row">${platformOf({ without })}</th>${marks(without)}</tr>`)}</tbody>
    </table>`,
  );
}

const mark = (cell: MatrixCell): Markup => markup`<a href="#${idOf(cell)}">${badge(cell.state)}</a>`;

const badge = (state: CellState): Markup =>
  markup`<span class="badge ${state === 'not-run' ? 'unjudged' : outcomeOfState[state]}">${
    state === 'not-run' ? null : icon(outcomeOfState[state])
  }${stateWords[state]}</span>`;

const idOf = ({ drill, without }: MatrixCell): string => `cell-${drill}-${without ?? ''}`.replace(/[^\w-]+/g, '-');

function drillSection({ drill, title: drillTitle, cells }: ReturnType<typeof byDrill>[number]): Markup {
  return section(
    `drill-${drill.replace(/[^\w-]+/g, '-')}`,
    `${drill}: ${drillTitle}`,
    markup`<table class="findings">
      <thead><tr><th scope="col">Result</th><th scope="col">Run</th></tr></thead>
      <tbody>${cells.map(row)}</tbody>
    </table>`,
  );
}

/** A folder is named by people and machines: its name may hold what a URL reads otherwise. */
const hrefOf = (folder: string): string => `${folder.split('/').map(encodeURIComponent).join('/')}/report.html`;

function row(cell: MatrixCell): Markup {
  const { run, finding, earlier } = cell;
  const name = platformOf(cell);
  return markup`
  <tr id="${idOf(cell)}"><td>${badge(cell.state)}</td>
  <td class="finding"><span>${run === null ? markup`<b>${name}</b>` : markup`<a href="${hrefOf(run.folder)}">${name}</a>`}
    <br>${finding === null ? 'must not fail' : markup`must fail by <code>${finding}</code>`}</span>
    <p>${cell.reason}${earlier.length === 0 ? null : ` Earlier inconclusive runs: ${earlier.length}.`}</p></td></tr>`;
}

const meanings = (): Markup =>
  markup`<div class="card"><dl class="rows">${cellStates.map(
    (state) => markup`<div><dt>${badge(state)}</dt><dd>${stateMeanings[state]}</dd></div>`,
  )}</dl></div>`;
