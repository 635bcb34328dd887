import type { CapacityFacts, Timeline } from '../../model/facts.ts';
import { formatMs, plural } from '../format.ts';
import type { ReportInput } from '../report-input.ts';
import { findingCard } from './finding-card.ts';
import { type Markup, markup, section, wideTable } from './markup.ts';

const maxRows = 60;

/** What the platform held, and why each pod ended: whether the platform took it, or it crashed. */
export function capacitySection({ verdict, facts }: ReportInput): Markup | null {
  const findings = findingCard(verdict, 'Capacity');
  const { capacity } = facts;
  if (capacity === null && findings === null) return null;
  const account =
    capacity === null
      ? markup`<p>The platform was never asked for its pods and nodes.</p>`
      : podEnds(capacity, facts.timeline);
  return section('capacity', 'Pods and nodes', markup`${findings}${account}`);
}

function podEnds({ podEnds: ends, unexplained }: CapacityFacts, timeline: Timeline | undefined): Markup {
  const fromMs = timeline?.injectedAtMs ?? timeline?.baselineStartMs ?? ends[0]?.atMs ?? 0;
  const since = timeline?.injectedAtMs == null ? 'the start of the load' : 'the injection';
  const gone =
    unexplained.length === 0
      ? null
      : markup`<p class="note">Gone without explanation: ${unexplained.map((pod) => markup`<code>${pod}</code> `)}</p>`;
  if (ends.length === 0) return markup`<div class="card"><p>No pod ended while the load was on.</p>${gone}</div>`;
  return markup`
    <div class="card"><h3>${plural(ends.length, 'pod')} ended while the load was on</h3>
    ${wideTable(
      'Pods that ended',
      markup`
      <table><caption>Each pod that ended, with what the platform attributes it to; times since ${since}</caption>
        <thead><tr><th scope="col">At</th><th scope="col">Pod</th><th scope="col">Cause</th><th scope="col">Attributed to</th>
        <th scope="col">Node</th></tr></thead>
        <tbody>${ends.slice(0, maxRows).map(
          ({ atMs, pod, cause, because, node, capacity }) => markup`
          <tr><td>${formatMs(atMs - fromMs)}</td><th scope="row">${pod}</th><td>${cause}</td><td>${because}</td>
          <td>${node} (${capacity})</td></tr>`,
        )}
        </tbody></table>`,
    )}
    ${ends.length > maxRows ? markup`<p class="note">The first ${maxRows} of ${ends.length}.</p>` : null}${gone}
    </div>`;
}
