import type { CapacityData } from './capacity-data.ts';
import { chartColours as colours } from './style.ts';
import type { TimelineData, TimelinePoint } from './timeline-data.ts';
import { type ChartLayout, plotWidth, textStyle } from './timeline-layout.ts';

/** A promise that the latency panel shows as a line. */
export interface LatencyLimit {
  label: string;
  limitMs: number;
}

const plain = { silent: true, symbol: 'none', emphasis: { disabled: true } };

/** The lines and bars of all panels, for echarts; percentiles differ by dash and width, not by colour alone. */
export function series(data: TimelineData, limits: LatencyLimit[], layout: ChartLayout): object[] {
  const rate = pointsOf(data, (point) => point.ratePerSecond);
  // Where nothing failed there is no line at all, so that failures stand out.
  const failures = pointsOf(data, (point) => point.errorsPerSecond || null);
  return [
    {
      ...line(0, 'requests', rate, { color: colours.requests, width: 1.6 }),
      areaStyle: { color: colours.requests, opacity: 0.14 },
      ...marks(data),
    },
    {
      ...line(0, 'failed', failures, { color: colours.failed, width: 1 }),
      areaStyle: { color: colours.failed, opacity: 0.55 },
    },
    { ...failureBars(failures, layout), ...marks(data) },
    { ...percentile(data, 'p50', { color: colours.p50, width: 1.4, type: 'dotted' }), ...marks(data) },
    percentile(data, 'p95', { color: colours.p95, width: 1.4, type: 'dashed' }),
    { ...percentile(data, 'p99', { color: colours.p99, width: 2 }), ...limitLines(limits, layout) },
    ...(data.capacity === null ? [] : capacityLines(data, data.capacity, layout)),
  ];
}

/** Short where there is little room: the panel's title says what they are. */
export const capacityNames = ({ name }: ChartLayout): [ready: string, wanted: string, nodes: string] =>
  name === 'wide' ? ['pods ready', 'pods wanted', 'nodes ready'] : ['pods', 'wanted', 'nodes'];

/** Counts hold until they change. */
function capacityLines(data: TimelineData, capacity: CapacityData, layout: ChartLayout): object[] {
  const [ready, wanted, nodes] = capacityNames(layout);
  const steps = { step: 'end' };
  return [
    {
      ...line(3, wanted, capacity.podsWanted, { color: colours.limit, width: 1.4, type: 'dashed' }),
      ...steps,
      ...marks(data),
    },
    { ...line(3, nodes, capacity.nodesReady, { color: colours.p50, width: 1.4, type: 'dotted' }), ...steps },
    { ...line(3, ready, capacity.podsReady, { color: colours.p99, width: 2 }), ...steps },
  ];
}

type Points = [second: number, value: number | null][];

/** Each value in the middle of the time that it stands for. */
const pointsOf = (data: TimelineData, read: (point: TimelinePoint) => number | null): Points =>
  data.points.map((point) => [point.second + data.secondsPerPoint / 2, read(point)]);

const line = (
  panel: number,
  name: string,
  data: Points,
  lineStyle: { color: string; width: number; type?: string },
): object => ({
  ...plain,
  type: 'line',
  name,
  data,
  xAxisIndex: panel,
  yAxisIndex: panel,
  color: lineStyle.color,
  lineStyle,
});

const percentile = (
  data: TimelineData,
  name: 'p50' | 'p95' | 'p99',
  lineStyle: { color: string; width: number; type?: string },
): object =>
  line(
    2,
    name,
    pointsOf(data, (point) => aboveZero(point[`${name}Ms`])),
    lineStyle,
  );

/** The axis is logarithmic. */
const aboveZero = (ms: number | null): number | null => (ms === null ? null : Math.max(ms, 0.01));

const failureBars = (data: Points, layout: ChartLayout): object => ({
  ...plain,
  type: 'bar',
  name: 'failed',
  data,
  xAxisIndex: 1,
  yAxisIndex: 1,
  barWidth: Math.max(1, (plotWidth(layout) / data.length) * 0.82),
  itemStyle: { color: colours.failed },
});

/** Phases shaded in turn, the time of the fault in its own colour, and its two instants as lines. */
function marks(data: TimelineData): object {
  const shade = (name: string, i: number): object =>
    name === 'fault'
      ? { color: colours.failed, opacity: 0.11 }
      : { color: colours.axis, opacity: i % 2 === 0 ? 0 : 0.08 };
  const instant = (second: number | null, color: string): object[] =>
    second === null ? [] : [{ xAxis: second, lineStyle: { color, width: 1.4, type: 'solid' } }];
  return {
    markArea: {
      silent: true,
      data: data.phases.map(({ name, startS, endS }, i) => [
        { xAxis: startS, itemStyle: shade(name, i) },
        { xAxis: endS },
      ]),
    },
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: [...instant(data.injectedS, colours.failed), ...instant(data.recoveredS, colours.recovered)],
    },
  };
}

const limitLines = (limits: LatencyLimit[], layout: ChartLayout): object => ({
  markLine: {
    silent: true,
    symbol: 'none',
    data: limits.map(({ label, limitMs }) => ({
      yAxis: limitMs,
      lineStyle: { color: colours.limit, type: [2, 3], width: 1 },
      label: { ...textStyle(layout, colours.text), formatter: label, position: 'insideStartTop', distance: 2 },
    })),
  },
});
