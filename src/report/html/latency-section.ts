import type { Verdict } from '../../model/verdict.ts';
import { formatCount, formatMs } from '../format.ts';
import { pathLabel } from '../key-numbers.ts';
import { type Measured, measured } from '../measured.ts';
import { type Standing, standingOf } from '../outcome-words.ts';
import { phaseName } from '../phase-names.ts';
import type { ReportInput } from '../report-input.ts';
import { badge, type Markup, markup, section, wideTable } from './markup.ts';

type Row = Verdict['latency'][number];

/** What decides stands first: a phone shows no more before it is scrolled. */
const columns = ['p99', 'Limit', 'p99, 95 % bounds', 'Calls', 'Bad', 'p50', 'p95', 'p99.9'];

/** Each path in each phase: exact percentiles of whole calls, failed calls counted as bad. */
export function latencySection(input: ReportInput): Markup {
  if (input.verdict.latency.length === 0) return section('latency', 'Latency', markup`<p>No call was measured.</p>`);
  return section(
    'latency',
    'Latency',
    markup`
    ${wideTable(
      'Latency by path and phase',
      markup`
      <table class="latency">
        <thead><tr><th scope="col">Path and phase</th><th scope="col">Outcome</th>${columns.map((name) => markup`<th scope="col" class="number">${name}</th>`)}</tr></thead>
        <tbody>${input.verdict.latency.map((row, i) => tableRow(input, row, i))}</tbody>
      </table>`,
    )}
    <p class="note">Bad: failed, or slower than the limit. p99 holds when the share of bad calls is below 1 %, judged by counting,
      with exact bounds for as many independent calls as these are worth: slow calls come in spells. The bounds of p99 follow from
      the same rule. A failed call counts as slower than any limit; where that hides the p99, the calls that succeeded are shown too.</p>
    ${succeededNote(input)}${robbedNote(input)}
    ${notJudged(input)}`,
  );
}

function tableRow({ verdict, plan }: ReportInput, row: Row, i: number): Markup {
  const hasFault = plan.fault !== null;
  const ms = (name: string): Measured => measured(verdict, `latency.${i}.${name}`, formatMs);
  const count = (name: string): Measured => measured(verdict, `latency.${i}.${name}`, formatCount);
  const cell = (content: Markup | Measured): Markup => markup`<td class="number">${content}</td>`;
  return markup`
    <tr><th scope="row">${pathLabel(row.path)} <span class="phase">${phaseName(row.phase, hasFault)}</span></th><td>${badge(standing(verdict, row))}</td>
    ${cell(markup`<strong>${ms('p99Ms')}</strong>${gauge(row)}`)}${cell(ms('limitMs'))}${cell(bounds(row, ms))}
    ${cell(count('count'))}${cell(count('bad'))}${cell(ms('p50Ms'))}${cell(ms('p95Ms'))}${cell(ms('p999Ms'))}</tr>`;
}

/** Where the p99 is no time, the time of those that succeeded, named as theirs. */
function succeededNote({ verdict, plan }: ReportInput): Markup {
  return markup`${verdict.latency.map((row, i) =>
    row.p99Ms === 'failed'
      ? markup`<p class="note">${pathLabel(row.path)} ${phaseName(row.phase, plan.fault !== null)}, of the
          ${measured(verdict, `latency.${i}.succeeded.count`, formatCount)} calls that succeeded: p99
          ${measured(verdict, `latency.${i}.succeeded.p99Ms`, formatMs)}, median
          ${measured(verdict, `latency.${i}.succeeded.p50Ms`, formatMs)}.</p>`
      : null,
  )}`;
}

/** What was left out, and how bad it was. */
function robbedNote({ verdict, plan }: ReportInput): Markup {
  return markup`${verdict.latency.map((row, i) =>
    row.robbed.leftOut
      ? markup`<p class="note">Left out of ${pathLabel(row.path)} ${phaseName(row.phase, plan.fault !== null)}:
          ${measured(verdict, `latency.${i}.robbed.calls`, formatCount)} calls, ${measured(verdict, `latency.${i}.robbed.bad`, formatCount)}
          of them bad, that started in ${measured(verdict, `latency.${i}.robbed.seconds`, (seconds) => String(Number(seconds.toFixed(2))))} s that the host took from the
          instruments.</p>`
      : null,
  )}`;
}

/** Few calls bound the true p99 on one side only. */
function bounds(row: Row, ms: (name: string) => Measured): Markup {
  if (row.p99HighMs === null) return markup`${row.p99LowMs === null ? null : 'at least '}${ms('p99LowMs')}`;
  if (row.p99LowMs === null) return markup`at most ${ms('p99HighMs')}`;
  return markup`${ms('p99LowMs')} to ${ms('p99HighMs')}`;
}

/** How much of the limit the p99 uses; the end of the bar is the limit. */
function gauge(row: Row): Markup | null {
  if (row.p99Ms === null) return null;
  const p99Ms = row.p99Ms === 'failed' ? Infinity : row.p99Ms;
  const used = Math.min(1, p99Ms / row.limitMs);
  const over = p99Ms >= row.limitMs ? ' over' : '';
  return markup`<span class="gauge${over}" aria-hidden="true"><span style="width:${(used * 100).toFixed(1)}%"></span></span>`;
}

const standing = (verdict: Verdict, { path, phase, outcome }: Row): Standing => {
  const finding = verdict.findings.find(({ id }) => id === `latency.${path}.${phase}`);
  return finding === undefined ? (outcome ?? 'told') : standingOf(finding);
};

/** Why rows do not count, in the plan's words. */
function notJudged({ verdict, plan }: ReportInput): Markup {
  const reasonOf = (row: Row): string =>
    plan.samples.find((sample) => sample.path === row.path && sample.phase === row.phase)?.reason ??
    'no promise covers it: reported only';
  const byReason = Map.groupBy(
    verdict.latency.filter((row) => ['open', 'told'].includes(standing(verdict, row))),
    reasonOf,
  );
  const named = (row: Row): string => `${pathLabel(row.path)} ${phaseName(row.phase, plan.fault !== null)}`;
  return markup`${[...byReason].map(
    ([reason, rows]) => markup`<p class="note">Not counted, ${rows.map(named).join(', ')}: ${reason}.</p>`,
  )}`;
}
