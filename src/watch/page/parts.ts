import { badge, type Markup, markup } from '../../report/html/markup.ts';
import type { LaneState } from '../events.ts';
import { timeText } from './chart.ts';
import { courseOf, faultAt, type Item, loadEndMs, loadStartOf, phasesOf } from './course.ts';
import { countText, msText } from './panels.ts';
import { stepOfMoment } from './runbook.ts';
import { alertText, type Copy, copiesOf, endWords, pathWords, type State, servingOf } from './state.ts';

const zeroOf = (state: State): number => loadStartOf(state) ?? state.startedMs;
const sinceZero = (state: State, atMs: number): string => timeText(atMs - zeroOf(state));
const clockText = (atMs: number): string => new Date(atMs).toLocaleTimeString('en-GB');

/** The phase in large letters, for how long it has been on, and what comes next and when. */
export function nowPart(state: State, nowMs: number): Markup {
  const item = courseOf(state).findLast(({ state }) => state === 'now');
  const due = nextOf(state);
  const step = state.verdict ? undefined : stepOfMoment(state, nowMs);
  return markup`<p class="phase-word ${toneOf(state)}">${headingOf(state, item)}</p>
<p class="sentence">${item?.atMs != null && !state.verdict && markup`for ${timeText(Math.max(0, Math.floor((nowMs - item.atMs) / 1_000) * 1_000))}. `}${state.note ?? item?.look ?? ''}</p>
<p class="next">${due !== undefined && markup`<strong>Next: ${due.what}</strong> ${due.atMs === null ? 'once what is on is over' : whenText(due.atMs - nowMs)}`}</p>
${step !== undefined && markup`<p class="next"><strong>By the runbook:</strong> ${step.title}</p>`}`;
}

function headingOf({ verdict, ended, frame }: State, item: Item | undefined): string {
  if (verdict) return `Verdict: ${verdict.outcome}`;
  if (ended && ended.status !== 'completed') return `The run ${endWords(ended.status)}`;
  return item?.what ?? (frame ? 'Getting ready' : 'Waiting for the drill');
}

function toneOf(state: State): string {
  if (state.verdict) return state.verdict.outcome;
  if (faultAt(state, 'injected') !== undefined && faultAt(state, 'reverted') === undefined) return 'fail';
  return 'unjudged';
}

const nextOf = (state: State): Item | undefined =>
  state.verdict || state.ended ? undefined : courseOf(state).find((item) => item.state === 'to come');

const whenText = (inMs: number): string => (inMs > 0 ? `in ${timeText(Math.ceil(inMs / 1_000) * 1_000)}` : 'now due');

/** The second that was told last, beside what was planned and promised. */
export function figuresPart(state: State): Markup {
  const isOn = state.marks.has('baseline-start') && !state.marks.has('load-end');
  const last = isOn ? state.seconds.at(-1) : undefined;
  const { served, all } = servingOf(state);
  const failed = last && last.ratePerSecond > 0 ? last.errorsPerSecond / last.ratePerSecond : 0;
  return markup`${tile('Requests/s', isOn ? last && countText(last.ratePerSecond) : 'none', isOn ? plannedText(state) : 'the load is not on')}
${tile('Errors/s', isOn ? last && countText(last.errorsPerSecond) : 'none', `${percent(failed)} of the requests`, failed > 0)}
${(state.frame?.limits ?? []).map(({ path, limitMs }) => {
  const p99Ms = last?.paths?.find((one) => one.path === path)?.p99Ms ?? undefined;
  const isOver = limitMs !== null && p99Ms !== undefined && p99Ms > limitMs;
  const limit = limitMs === null ? 'no limit' : `${isOver ? 'over its' : 'within its'} limit: ${msText(limitMs)}`;
  return tile(
    `p99 ${pathWords[path]}`,
    p99Ms === undefined ? undefined : msText(p99Ms),
    p99Ms === undefined && limitMs !== null ? `limit: ${msText(limitMs)}` : limit,
    isOver,
  );
})}
${tile('Replicas that serve', all === 0 ? undefined : `${served} of ${all}`, 'by probes around the balancer', served < all)}
${tile('Alerts', String(state.alerts.length), 'on the error budget', state.alerts.length > 0)}`;
}

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`;

function plannedText({ frame, marks }: State): string {
  if (!frame) return '';
  const peak = countText(frame.peakRatePerSecond);
  if (marks.has('back-start')) return `planned: back to ${countText(frame.baselineRatePerSecond)}`;
  if (marks.has('peak-start')) return `planned: ${peak}`;
  return marks.has('ramp-start') ? `planned: up to ${peak}` : `planned: ${countText(frame.baselineRatePerSecond)}`;
}

/** @param isBad told by its colour, and always by its words too */
const tile = (label: string, value: string | undefined, detail: string, isBad = false): Markup =>
  markup`<li class="tile ${isBad ? 'fail' : ''}"><span class="label">${label}</span><strong class="${value === undefined ? 'missing' : ''}">${value ?? 'unknown'}</strong><span class="detail">${detail}</span></li>`;

const itemSigns: Record<Item['state'], string> = { done: '✓', now: '►', failed: '✗', 'to come': '·', 'left out': '–' };

export function coursePart(state: State, nowMs: number): Markup {
  return markup`${courseOf(state).map(
    (item) => markup`<li class="${item.state.replace(' ', '-')}"${item.state === 'now' && markup` aria-current="step"`}>
<span class="sign" aria-hidden="true">${itemSigns[item.state]}</span><span><strong>${item.what}</strong> <span class="unseen">${item.state}</span>
<span class="when">${whenOf(item, nowMs)}</span>${item.state === 'now' && markup`<br>${item.look}`}</span></li>`,
  )}`;
}

function whenOf(item: Item, nowMs: number): string {
  if (item.atMs === null) return '';
  if (item.state === 'to come') return `${whenText(item.atMs - nowMs)}, at ${clockText(item.atMs)}`;
  return clockText(item.atMs);
}

const faultStates = [
  ['injecting', 'injecting'],
  ['injected', 'injected'],
  ['proven', 'took effect, by proof'],
  ['not-proven', 'not proven'],
  ['reverted', 'undone'],
] as const;

/** The fault's life, with how long each part of it took. */
export function faultPart(state: State): Markup {
  const { frame, faults } = state;
  if (!frame) return markup`<p>unknown</p>`;
  if (!frame.fault) return markup`<p>This drill has no fault: the traffic alone is the drill.</p>`;
  const injected = faultAt(state, 'injected');
  const lines = faultStates.flatMap(([name, words]) => {
    const fault = faults.find((one) => one.state === name);
    if (!fault) return [];
    const after =
      injected === undefined || fault.atMs <= injected ? '' : `, ${timeText(fault.atMs - injected)} from the injection`;
    return [
      markup`<li><strong>${words}</strong> at ${clockText(fault.atMs)}${after}${fault.detail !== undefined && markup`<br>${fault.detail}`}</li>`,
    ];
  });
  const begins = markup`<p><code>${frame.fault.kind}</code>: ${frame.fault.summary}</p>`;
  if (lines.length > 0) return markup`${begins}<ul>${lines}</ul>`;
  return markup`${begins}<p>${state.ended ? 'It was not injected.' : 'It is not injected yet.'}</p>`;
}

export function alertsPart(state: State): Markup {
  if (state.alerts.length === 0)
    return markup`<p>${state.ended ? 'None fired.' : 'None has fired so far.'} They fire when the error budget burns too fast, by the windows of the SRE Workbook.</p>`;
  return markup`<ul class="alerts">${state.alerts.map(
    (alert) =>
      markup`<li class="${alert.severity}"><strong>${alert.severity}: ${alertText(alert)}</strong><br>fired at ${clockText(alert.atMs)}, ${sinceZero(state, alert.atMs)}</li>`,
  )}</ul>`;
}

const laneWords: Record<LaneState, [tone: string, sign: string, words: string]> = {
  served: ['served', '✓', 'serves'],
  partly: ['partly', '!', 'fails in part'],
  failing: ['failing', '✗', 'fails'],
  silent: ['silent', '?', 'unknown'],
};

/** Each zone with its replicas, by what probes and the platform say of them. */
export function zonesPart(state: State): Markup {
  const zones = Map.groupBy(copiesOf(state), ({ zone }) => zone);
  const last = state.capacity.at(-1);
  const edge = [...state.lanes].filter(([lane]) => lane.startsWith('edge-'));
  if (zones.size === 0 && edge.length === 0) return markup`<p>Nothing is probed yet.</p>`;
  const nodes =
    last !== undefined &&
    markup`<p>${last.podsReady} of ${last.podsWanted} pods are ready, on ${last.nodesReady} of ${last.nodesWanted} nodes.</p>`;
  const throughEdge = edge.map(([lane, laneState]) => sign(lane.slice('edge-'.length), laneWords[laneState]));
  return markup`${nodes}<dl class="zones">${edge.length > 0 && zoneRow('through the edge', throughEdge)}
${[...zones]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([zone, copies]) =>
    zoneRow(
      zone || 'without a zone',
      copies.map((copy) => sign(copy.name, copyWords(copy))),
    ),
  )}</dl>`;
}

function copyWords({ probes, isReady, isGone }: Copy): (typeof laneWords)[LaneState] {
  if (isGone) return ['silent', '–', 'gone'];
  if (isReady === false) return ['partly', '…', 'not ready'];
  return probes === null ? ['served', '✓', 'ready'] : laneWords[probes];
}

const zoneRow = (zone: string, signs: Markup[]): Markup =>
  markup`<div><dt>${zone}</dt><dd><ul class="lanes">${signs}</ul></dd></div>`;

const sign = (name: string, [tone, mark, words]: (typeof laneWords)[LaneState]): Markup =>
  markup`<li class="lane ${tone}"><span aria-hidden="true">${mark}</span> ${name} <span class="lane-words">${words}</span></li>`;

/** Newest first. */
export const toldPart = (state: State): Markup =>
  markup`${state.happenings.toReversed().map(({ atMs, tone, text }) => markup`<li class="${tone}"><time>${clockText(atMs)}</time> ${text}</li>`)}`;

export function verdictPart({ verdict, ended, earlier }: State): Markup {
  if (!verdict)
    return markup`<p>${ended ? 'The evidence is being judged.' : 'There is none before the drill has ended.'}</p>${earlierPart(earlier)}`;
  return markup`<p class="sentence">${badge(verdict.outcome)} ${verdict.headline}</p>
<ul>${verdict.findings.map(({ title, outcome, message }) => markup`<li>${badge(outcome)} <strong>${title}</strong>: ${message}</li>`)}</ul>
<p class="note">To see this again: <code>${verdict.command}</code></p>${earlierPart(earlier)}`;
}

const earlierPart = (earlier: State['earlier']): Markup | null =>
  earlier.length === 0
    ? null
    : markup`<h3>Before this drill</h3><ul>${earlier.map(
        ({ drill, without, outcome, headline }) =>
          markup`<li>${badge(outcome)} <strong>${drill}${without.length > 0 && ` without ${without.join(', ')}`}</strong>: ${headline}</li>`,
      )}</ul>`;

/** What the page is about, above its title. */
export const originPart = ({ frame, runId }: State): string =>
  frame
    ? [
        frame.drill,
        frame.profile,
        `on ${frame.target}`,
        ...(frame.without.length > 0 ? [`without ${frame.without.join(', ')}`] : []),
        ...(runId ? [`run ${runId}`] : []),
      ].join(' · ')
    : '';

/** The whole time axis as it is known: from the start of the load, or of the drill, to the planned end. */
export function wholeView(state: State): { fromMs: number; toMs: number } {
  const fromMs = zeroOf(state);
  const isOn = loadStartOf(state) !== null && !state.marks.has('load-end');
  const lastMs = phasesOf(state).at(-1)?.endMs ?? state.atMs;
  const toMs = Math.max(state.atMs, lastMs, (isOn ? loadEndMs(state) : null) ?? 0);
  return { fromMs, toMs: Math.max(toMs, fromMs + 10_000) };
}
