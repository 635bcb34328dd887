import { type Markup, markup } from '../../report/html/markup.ts';
import type { Fine } from '../events.ts';
import { faultAt, loadEndMs, loadStartOf, phasesOf } from './course.ts';
import { type Line, type Panel, type Point, panelsOf } from './panels.ts';
import type { State } from './state.ts';

/** What of the time axis is shown. */
export interface View {
  fromMs: number;
  toMs: number;
  /** The instant that a replay is at; null: now. */
  cursorMs: number | null;
}

const panelHeight = 116;
const margin = { left: 52, right: 12, bottom: 28 };
/** Where the phases are named, above all panels. */
const phasesHeight = 18;
/** Above each panel its title and its legend: beside each other where there is room. */
const headOf = (width: number) => (width < 640 ? { height: 48, titleUp: 26 } : { height: 32, titleUp: 9 });

/** All panels over one time axis, as an SVG without styles of its own: its classes take the page's colours. */
export function chartSvg(state: State, view: View, width: number, fine: Fine | null): Markup {
  const panels = panelsOf(state, view, fine);
  const head = headOf(width);
  const height = phasesHeight + panels.length * (panelHeight + head.height) + margin.bottom;
  const plot = { left: margin.left, right: width - margin.right };
  const x = (atMs: number) => plot.left + ((atMs - view.fromMs) / (view.toMs - view.fromMs)) * (plot.right - plot.left);
  const tops = panels.map((_, index) => phasesHeight + head.height + index * (panelHeight + head.height));
  const bottom = height - margin.bottom;
  return markup`<svg class="live-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${inWords(state, panels)}">
<defs><clipPath id="plot"><rect x="${plot.left}" y="0" width="${plot.right - plot.left}" height="${height}"/></clipPath></defs>
<g clip-path="url(#plot)">${phaseBands(state, x, bottom)}</g>
${panels.map((panel, index) => panelSvg(panel, { top: tops[index] ?? 0, titleUp: head.titleUp, x, ...plot }))}
<g clip-path="url(#plot)">${instants(state, view, x, bottom)}</g>
${timeAxis(state, view, x, bottom)}
</svg>`;
}

/** The instant at a share of the chart's width. */
export function instantAt({ fromMs, toMs }: View, width: number, share: number): number {
  const plot = (share * width - margin.left) / (width - margin.left - margin.right);
  return fromMs + Math.min(1, Math.max(0, plot)) * (toMs - fromMs);
}

interface Place {
  top: number;
  titleUp: number;
  left: number;
  right: number;
  x: (atMs: number) => number;
}

function panelSvg(panel: Panel, { top, titleUp, left, right, x }: Place): Markup {
  const y = scaleOf(panel, top);
  return markup`<text class="panel-title" x="${left - 44}" y="${top - titleUp}">${panel.title}</text>
<text class="panel-legend" x="${right}" y="${top - 9}" text-anchor="end">${panel.lines.map(
    ({ name, tone }, index) =>
      markup`<tspan class="${tone}">${index > 0 ? '\u2003' : ''}${lineSign[tone] ?? '—'} ${name}</tspan>`,
  )}</text>
${panel.ticks.map(
  (tick) => markup`<line class="grid" x1="${left}" x2="${right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>
<text class="tick" x="${left - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${panel.format(tick)}</text>`,
)}
<g clip-path="url(#plot)">${panel.limits.map(
    ({ value, tone }) =>
      markup`<line class="limit ${tone}" x1="${left}" x2="${right}" y1="${round(y(value))}" y2="${round(y(value))}"/>`,
  )}
${panel.lines.map(({ tone, points, isStep }) => markup`<path class="line ${tone}" d="${pathOf(points, x, y, isStep)}"/>`)}</g>`;
}

/** Lines differ by their dashes, too. */
const lineSign: Record<string, string> = { checkout: '- -', wanted: '- -', nodes: '···', failed: '▪' };

function scaleOf({ isLog, lowest, highest }: Panel, top: number): (value: number) => number {
  const of = (value: number) => (isLog ? Math.log10(Math.max(value, lowest)) : value);
  const [low, high] = [of(lowest), of(highest)];
  return (value) => top + panelHeight * (1 - (Math.min(of(value), high) - low) / (high - low || 1));
}

const round = (value: number): string => value.toFixed(1);

/** A gap where nothing is known. */
function pathOf(
  points: readonly Point[],
  x: (atMs: number) => number,
  y: (value: number) => number,
  isStep: boolean,
): string {
  let path = '';
  let isDown = false;
  for (const { atMs, value } of points) {
    if (value === null) isDown = false;
    else {
      const [px, py] = [round(x(atMs)), round(y(value))];
      path += isDown ? (isStep ? `H${px}V${py}` : `L${px} ${py}`) : `M${px} ${py}`;
      isDown = true;
    }
  }
  return path;
}

function phaseBands(state: State, x: (atMs: number) => number, bottom: number): Markup[] {
  return phasesOf(state).map(({ name, startMs, endMs }) => {
    const [from, to] = [x(startMs), x(endMs)];
    const label =
      to - from > name.length * 7 + 8 && markup`<text class="phase-name" x="${round(from + 4)}" y="12">${name}</text>`;
    return markup`<rect class="phase-band ${name}" x="${round(from)}" y="0" width="${round(Math.max(0, to - from))}" height="${bottom}"/>${label}`;
  });
}

/** The fault's life, alerts, what is still to come, and where the replay is. */
function instants(state: State, view: View, x: (atMs: number) => number, bottom: number): Markup[] {
  const all: [string, number | null | undefined][] = [
    ['injected', faultAt(state, 'injected')],
    ['proven', faultAt(state, 'proven')],
    ['reverted', faultAt(state, 'reverted')],
    ['due', loadEndMs(state)],
    ...state.alerts.map(({ atMs }): [string, number] => ['alert', atMs]),
    ['cursor', view.cursorMs],
  ];
  return all.flatMap(([tone, atMs]) =>
    atMs == null || atMs < view.fromMs || atMs > view.toMs
      ? []
      : [
          markup`<line class="instant ${tone}" x1="${round(x(atMs))}" x2="${round(x(atMs))}" y1="${phasesHeight}" y2="${bottom}"/>`,
        ],
  );
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map((seconds) => seconds * 1_000);
const leastBetweenTicks = 70;

/** Seconds since the load began, or since the drill did. */
function timeAxis(state: State, view: View, x: (atMs: number) => number, bottom: number): Markup[] {
  const zeroMs = loadStartOf(state) ?? state.startedMs;
  const between = (stepMs: number) => x(view.fromMs + stepMs) - x(view.fromMs);
  // Evidence may say of itself that it lasted for years.
  const stepMs = steps.find((step) => between(step) >= leastBetweenTicks) ?? (view.toMs - view.fromMs) / 4;
  const first = Math.ceil((view.fromMs - zeroMs) / stepMs);
  const last = Math.floor((view.toMs - zeroMs) / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const atMs = (first + index) * stepMs;
    return markup`<text class="tick" x="${round(x(zeroMs + atMs))}" y="${bottom + 18}" text-anchor="middle">${timeText(atMs)}</text>`;
  });
}

/** Of a time since the load began. */
export function timeText(ms: number): string {
  const sign = ms < 0 ? '−' : '';
  const seconds = Math.round(Math.abs(ms) / 100) / 10;
  if (seconds < 60) return `${sign}${seconds} s`;
  return `${sign}${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

function inWords(state: State, panels: readonly Panel[]): string {
  const phase = phasesOf(state).at(-1)?.name ?? 'before the load';
  return `${phase}. ${panels.map(({ title, lines }) => `${title}: ${lines.map((line) => `${line.name} ${lastOf(line.points)}`).join(', ')}`).join('. ')}`;
}

function lastOf(points: Line['points']): string {
  const value = points.findLast((point) => point.value !== null)?.value;
  return value == null ? 'unknown' : String(Math.round(value));
}
