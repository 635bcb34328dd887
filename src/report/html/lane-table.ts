import type { Verdict } from '../../model/verdict.ts';
import { formatMs, plural } from '../format.ts';
import { measured } from '../measured.ts';
import { type Markup, markup, wideTable } from './markup.ts';

/**
 * The lanes of one path through the balancer, each on its own; null where there are none. The whole shop's lanes are often
 * those of paths that stand above it already, and are left out.
 */
export function laneTable(verdict: Verdict, i: number): Markup | null {
  const { recovery } = verdict;
  const above = new Set(recovery.slice(0, i).flatMap(({ lanes = [] }) => lanes.map(({ lane }) => lane)));
  const lanes = recovery[i]?.lanes ?? [];
  const rows = lanes.map((lane, j) =>
    above.has(lane.lane) ? null : row(verdict, lane.lane, `recovery.${i}.lanes.${j}`),
  );
  if (rows.every((each) => each === null)) return null;
  return wideTable(
    'Recovery by lane',
    markup`
    <table><caption>Each lane through the load balancer: on open connections, and on a new one for each probe</caption>
      <thead><tr><th scope="col">Lane</th><th scope="col">Probe every</th>
        <th scope="col" class="number">First failure known to &#177;</th><th scope="col" class="number">Service restored</th>
        <th scope="col" class="number">Within &#177;</th><th scope="col" class="number">Performance restored</th>
        <th scope="col" class="number">Time of failed probes</th><th scope="col" class="number">Reopened</th></tr></thead>
      <tbody>${rows}</tbody></table>`,
  );
}

function row(verdict: Verdict, lane: string, path: string): Markup {
  const at = (name: string) => measured(verdict, `${path}.${name}`, formatMs);
  return markup`
    <tr><th scope="row">${lane}</th><td>${at('intervalMs')}</td><td class="number">${at('startUncertaintyMs')}</td>
      <td class="number">${at('serviceRestoredMs')}</td>
      <td class="number">${at('uncertaintyMs')}</td><td class="number">${at('performanceRestoredMs')}</td>
      <td class="number">${at('badMs')}</td>
      <td class="number">${measured(verdict, `${path}.flaps`, (flaps) => plural(flaps, 'time'))}</td></tr>`;
}
