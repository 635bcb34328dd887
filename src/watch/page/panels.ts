import type { Fine } from '../events.ts';
import type { View } from './chart.ts';
import { pathWords, type State } from './state.ts';

export interface Point {
  atMs: number;
  /** null: unknown. */
  value: number | null;
}

export interface Line {
  name: string;
  tone: string;
  points: Point[];
  /** Holds until it changes. */
  isStep: boolean;
}

/** One measure over the time axis. */
export interface Panel {
  title: string;
  lines: Line[];
  limits: { value: number; tone: string }[];
  ticks: number[];
  lowest: number;
  highest: number;
  isLog: boolean;
  format: (value: number) => string;
}

/** Below this, a second is too coarse. */
const fineBelowMs = 30_000;

export function panelsOf(state: State, view: View, fine: Fine | null): Panel[] {
  const isFine = fine !== null && view.toMs - view.fromMs <= fineBelowMs;
  const { rate, latency } = isFine ? fineLines(fine, view) : secondLines(state, view);
  const counts = countLines(state, view);
  return [
    linear(isFine ? `requests, as a rate over ${fine.binMs} ms` : 'requests/s', rate),
    logarithmic(isFine ? `slowest call in ${fine.binMs} ms` : 'p99', latency, state),
    ...(counts.length > 0 ? [linear('replicas and nodes', counts)] : []),
  ];
}

interface LoadLines {
  rate: Line[];
  latency: Line[];
}

function secondLines({ seconds, frame }: State, { fromMs, toMs }: View): LoadLines {
  // One more on either side, so that lines go on to the edge.
  const shown = seconds.filter(({ atMs }) => atMs >= fromMs - 2_000 && atMs <= toMs + 2_000);
  const line = (name: string, tone: string, read: (one: (typeof shown)[number]) => number | null): Line => ({
    name,
    tone,
    isStep: false,
    points: shown.map((one) => ({ atMs: one.atMs, value: read(one) })),
  });
  const paths = (frame?.limits ?? []).map(({ path }) => path);
  return {
    rate: [line('all', 'requests', (one) => one.ratePerSecond), line('failed', 'failed', (one) => one.errorsPerSecond)],
    latency: shown.some((one) => one.paths !== undefined)
      ? paths.map((path) =>
          line(pathWords[path], path, (one) => one.paths?.find((each) => each.path === path)?.p99Ms ?? null),
        )
      : [line('all calls', 'api', (one) => one.p99Ms)],
  };
}

function fineLines({ fromMs, binMs, paths }: Fine, view: View): LoadLines {
  const first = Math.max(0, Math.floor((view.fromMs - fromMs) / binMs) - 1);
  const last = Math.min((paths[0]?.calls.length ?? 0) - 1, Math.ceil((view.toMs - fromMs) / binMs));
  const bins = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const line = (name: string, tone: string, read: (bin: number) => number | null): Line => ({
    name,
    tone,
    isStep: false,
    points: bins.map((bin) => ({ atMs: fromMs + (bin + 0.5) * binMs, value: read(bin) })),
  });
  const perSecond = (counts: (bin: number) => number) => (bin: number) => (counts(bin) * 1_000) / binMs;
  const sum = (read: (path: Fine['paths'][number]) => number[]) => (bin: number) =>
    paths.reduce((all, path) => all + (read(path)[bin] ?? 0), 0);
  return {
    rate: [
      line('all', 'requests', perSecond(sum(({ calls }) => calls))),
      line('failed', 'failed', perSecond(sum(({ failed }) => failed))),
    ],
    latency: paths.map(({ path, slowestMs }) => line(pathWords[path], path, (bin) => slowestMs[bin] ?? null)),
  };
}

/** What was last known holds up to now. */
function countLines({ capacity, serving, replicas, atMs }: State, view: View): Line[] {
  const upTo = Math.min(view.toMs, Math.max(atMs, view.cursorMs ?? atMs));
  const line = <T extends { atMs: number }>(name: string, tone: string, all: T[], read: (one: T) => number): Line => {
    const points = all.map((one) => ({ atMs: one.atMs, value: read(one) }));
    const last = points.findLast((point) => point.atMs <= upTo);
    return { name, tone, isStep: true, points: last ? [...points, { atMs: upTo, value: last.value }] : points };
  };
  const served = replicas.length > 0 ? [line('replicas that serve', 'requests', serving, (one) => one.served)] : [];
  if (capacity.length === 0) return served;
  return [
    ...served,
    line('pods ready', 'ready', capacity, (one) => one.podsReady),
    line('wanted', 'wanted', capacity, (one) => one.podsWanted),
    line('nodes', 'nodes', capacity, (one) => one.nodesReady),
  ];
}

const valuesOf = (lines: readonly Line[]): number[] =>
  lines.flatMap(({ points }) => points.flatMap(({ value }) => (value === null ? [] : [value])));

function linear(title: string, lines: Line[]): Panel {
  const most = valuesOf(lines).reduce((a, b) => Math.max(a, b), 1);
  const step = niceStep(most / 3);
  const highest = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(highest / step) + 1 }, (_, index) => index * step);
  return { title, lines, limits: [], ticks, lowest: 0, highest, isLog: false, format: countText };
}

/** 1, 2 or 5 times a power of ten, and no parts of what is counted. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= atLeast) ?? 10 * power;
  return Math.max(1, step);
}

function logarithmic(title: string, lines: Line[], { frame }: State): Panel {
  const limits = (frame?.limits ?? []).flatMap(({ path, limitMs }) =>
    limitMs === null ? [] : [{ value: limitMs, tone: path }],
  );
  const values = [...valuesOf(lines), ...limits.map(({ value }) => value)].map((value) => Math.max(value, 0.1));
  const lowest = 10 ** Math.floor(Math.log10(values.reduce((a, b) => Math.min(a, b), 10)));
  const highest = 10 ** Math.ceil(Math.log10(values.reduce((a, b) => Math.max(a, b), 100)));
  const decades = Math.round(Math.log10(highest / lowest));
  const ticks = Array.from({ length: decades + 1 }, (_, index) => lowest * 10 ** index);
  return { title, lines, limits, ticks, lowest, highest, isLog: true, format: msText };
}

export const msText = (ms: number): string =>
  ms >= 1_000 ? `${Number((ms / 1_000).toPrecision(3))} s` : `${Number(ms.toPrecision(3))} ms`;
export const countText = (count: number): string =>
  count >= 10_000 ? `${Number((count / 1_000).toPrecision(3))}k` : String(Number(count.toPrecision(3)));
