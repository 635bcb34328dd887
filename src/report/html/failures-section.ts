import type { CallsFact } from '../../model/facts.ts';
import { formatCount, formatRatio, notMeasured } from '../format.ts';
import { phaseName } from '../phase-names.ts';
import type { ReportInput } from '../report-input.ts';
import { findingCard } from './finding-card.ts';
import { type Markup, markup, section, wideTable } from './markup.ts';

const columns = ['Calls', 'Failed', 'Share', 'Reads', 'Failed', 'Share'];

/** Failed calls of each phase, in drills that promise something of them. */
export function failuresSection({ verdict, facts, plan }: ReportInput): Markup | null {
  const findings = findingCard(verdict, 'Failed calls');
  if (findings === null) return null;
  const { calls } = facts;
  return section(
    'failures',
    'Failed calls',
    markup`
    ${findings}
    ${calls.length > 0 && wideTable('Failed calls by phase', callsTable(calls, plan.fault !== null))}
    <p class="note">Every call counts, and so does every retry. Reads are those of the catalogue: lists, products and searches.</p>`,
  );
}

function callsTable(calls: CallsFact[], hasFault: boolean): Markup {
  const phases = [...new Set(calls.map(({ phase }) => phase))];
  return markup`
    <table>
      <thead><tr><th scope="col">Phase</th>${columns.map((name) => markup`<th scope="col" class="number">${name}</th>`)}</tr></thead>
      <tbody>${phases.map(
        (phase) => markup`
        <tr><th scope="row">${phaseName(phase, hasFault)}</th>${(['all', 'reads'] as const).map((kind) =>
          cells(calls.find((fact) => fact.calls === kind && fact.phase === phase)),
        )}</tr>`,
      )}</tbody>
    </table>`;
}

const cells = (fact: CallsFact | undefined): Markup[] =>
  [
    fact === undefined ? notMeasured : formatCount(fact.count),
    fact === undefined ? notMeasured : formatCount(fact.failed),
    fact === undefined || fact.count === 0 ? notMeasured : formatRatio(fact.failed / fact.count),
  ].map((text) => markup`<td class="number">${text}</td>`);
