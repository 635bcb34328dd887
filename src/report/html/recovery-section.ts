import type { Facts } from '../../model/facts.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant, formatMs, plural } from '../format.ts';
import { type Measured, measured, measuredText } from '../measured.ts';
import { recoveryTime } from '../recovery-time.ts';
import type { ReportInput } from '../report-input.ts';
import { laneTable } from './lane-table.ts';
import { badge, type Markup, markup, section, wideTable } from './markup.ts';

type Recovery = Verdict['recovery'][number];

/** How long the shop was away, as its clients saw it: in phases from the injection, and a replica at a time. */
export function recoverySection(input: ReportInput): Markup {
  const paths = input.verdict.recovery.map((recovery, i) => onePath(input, recovery, i));
  const none =
    input.plan.fault === null ? 'There was no fault to recover from.' : 'No recovery objective was judged in this run.';
  const body = paths.length > 0 ? markup`${paths}` : markup`<p>${none}</p>`;
  return section('recovery', 'Recovery', markup`${body}${platformAccount(input.facts)}`);
}

function onePath(input: ReportInput, recovery: Recovery, i: number): Markup {
  const { verdict } = input;
  const at = (name: string): Measured => measured(verdict, `recovery.${i}.${name}`, formatMs);
  return markup`
    <div class="card">
      <h3>${pathTitle[recovery.path]} ${badge(recovery.outcome)}</h3>
      <p class="lead"><strong>${recoveryTime(verdict, i)}</strong>${meaning(input, recovery, at('uncertaintyMs'))};
        the objective is ${at('objectiveMs')}.</p>
      ${recovery.phases.length > 0 ? waterfall(verdict, recovery, i) : null}
      <dl class="pairs">
        ${pair('Outage', markup`${instant(verdict, `recovery.${i}.outageStart`)} to ${instant(verdict, `recovery.${i}.outageEnd`)}`)}
        ${pair(isCounted(recovery) ? 'Time below full strength' : 'Time of failed probes', at('badMs'))}
        ${pair(
          'Reopened',
          measured(verdict, `recovery.${i}.flaps`, (flaps) => plural(flaps, 'time')),
        )}
        ${pair('Service restored', at('serviceRestoredMs'))}
        ${isCounted(recovery) ? null : pair('Performance restored', at('performanceRestoredMs'))}
      </dl>
      ${laneTable(verdict, i)}
      ${hasReplicasOfItsOwn(verdict, i) ? replicaTable(verdict, recovery, i) : null}
    </div>`;
}

/** Pods and nodes are counted, not probed. */
const isCounted = ({ path }: Recovery): boolean => path === 'pods' || path === 'nodes';

/** What the recovery time says. */
function meaning({ facts }: ReportInput, recovery: Recovery, uncertainty: Measured): Markup | null {
  if (recovery.actualMs === null) return null;
  const unharmed =
    recovery.actualMs === 0 && facts.recovery.some((fact) => fact.path === recovery.path && !fact.outage);
  const unharmedWords = isCounted(recovery) ? ': none was missing' : ': no probe failed';
  const restored = isCounted(recovery) ? 'full strength' : 'the restored service';
  const what = unharmed ? `${unharmedWords} after the injection` : ` from the injection to ${restored}`;
  return markup`${what} (&#177; ${uncertainty})`;
}

const pathTitle: Record<Recovery['path'], string> = {
  write: 'Writes',
  read: 'Reads',
  shop: 'The whole shop',
  pods: 'Pods',
  nodes: 'Nodes',
};

const pair = (term: string, value: Markup | Measured): Markup => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`;

/** The time of day to the millisecond; the date stands in the page's head. */
const instant = (verdict: Verdict, path: string): Measured =>
  measuredText(verdict, path, (iso) => formatInstant(iso).slice(11));

/** Bars on one scale, from the injection to the end of the last phase. */
function waterfall(verdict: Verdict, recovery: Recovery, i: number): Markup {
  const endMs = Math.max(...recovery.phases.map((phase) => phase.endMs), recovery.actualMs ?? 0, 1);
  const percent = (ms: number): string => ((Math.max(0, ms) / endMs) * 100).toFixed(2);
  const at = (j: number, name: string): Measured => measured(verdict, `recovery.${i}.phases.${j}.${name}`, formatMs);
  return markup`
    <ol class="waterfall" aria-label="Phases from the injection">
      ${recovery.phases.map(
        (phase, j) => markup`
        <li><span class="name">${phase.name}</span>
          <span class="track" aria-hidden="true"><span class="bar"
            style="left:${percent(phase.startMs)}%;width:${percent(phase.endMs - phase.startMs)}%"></span></span>
          <span class="span"><span>${at(j, 'startMs')} to ${at(j, 'endMs')}</span>
            <b>${formatMs(phase.endMs - phase.startMs)}</b></span></li>`,
      )}
    </ol>`;
}

/** The whole shop's replicas are often those of one path, which stand above it already. */
function hasReplicasOfItsOwn(verdict: Verdict, i: number): boolean {
  const [own, ...above] = verdict.recovery
    .slice(0, i + 1)
    .map(({ replicas }) => JSON.stringify(replicas))
    .toReversed();
  return own !== '[]' && own !== undefined && !above.includes(own);
}

function replicaTable(verdict: Verdict, recovery: Recovery, i: number): Markup {
  return wideTable(
    'Recovery by replica',
    markup`
    <table><caption>Each replica, probed directly</caption>
      <thead><tr><th scope="col">Replica</th><th scope="col">Zone</th><th scope="col" class="number">Recovered after</th></tr></thead>
      <tbody>${recovery.replicas.map(
        (replica, j) => markup`
        <tr><th scope="row">${replica.replica}</th><td>${replica.zone}</td>
        ${replicaTime(verdict, replica, `recovery.${i}.replicas.${j}`)}</tr>`,
      )}
      </tbody></table>`,
  );
}

/** Of a pod that the platform took away there is nothing to measure. */
function replicaTime(verdict: Verdict, replica: Recovery['replicas'][number], path: string): Markup {
  if (replica.takenAway === null)
    return markup`<td class="number">${measured(verdict, `${path}.actualMs`, formatMs)}</td>`;
  return markup`<td>taken away: ${measuredText(verdict, `${path}.takenAway`)}</td>`;
}

/** The platform's events beside what clients saw, from the injection on. */
function platformAccount(facts: Facts): Markup | null {
  const { injectedAtMs } = facts.timeline;
  if (injectedAtMs === null) return null;
  const events = facts.platformEvents.filter((event) => event.atMs >= injectedAtMs - 1000).slice(0, 40);
  if (events.length === 0) return null;
  return markup`
    <div class="card"><h3>The platform's own account</h3>
    ${wideTable(
      'Platform events',
      markup`
      <table><caption>By the platform's clock, since the injection; shown beside what clients saw, never instead of it</caption>
        <thead><tr><th scope="col">After</th><th scope="col">Source</th><th scope="col">Event</th></tr></thead>
        <tbody>${events.map(
          (event) => markup`
          <tr><td>${formatMs(event.atMs - injectedAtMs)}</td><td>${event.source}</td><td>${event.message}</td></tr>`,
        )}
        </tbody></table>`,
    )}
    </div>`;
}
