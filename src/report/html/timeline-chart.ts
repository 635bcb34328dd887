import { BarChart, LineChart } from 'echarts/charts';
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
} from 'echarts/components';
import { type EChartsCoreOption, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Plan } from '../../model/plan.ts';
import { formatMs } from '../format.ts';
import { pathLabel } from '../key-numbers.ts';
import { chartSvg } from './chart-svg.ts';
import { chartColours as colours } from './style.ts';
import type { TimelineData } from './timeline-data.ts';
import { labels } from './timeline-labels.ts';
import { type ChartLayout, chartHeight, panelTop, right, textStyle } from './timeline-layout.ts';
import { capacityNames, type LatencyLimit, series } from './timeline-series.ts';

use([
  BarChart,
  LineChart,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
]);

/** Throughput, failures, latency and capacity over one time axis, as an SVG that needs no script. label: what a screen reader says. */
export function timelineSvg(data: TimelineData, limits: LatencyLimit[], layout: ChartLayout, label: string): string {
  const size = { width: layout.width, height: chartHeight(layout) };
  return chartSvg(options(data, limits, layout), size, { name: layout.name, label });
}

function options(data: TimelineData, limits: LatencyLimit[], layout: ChartLayout): EChartsCoreOption {
  const text = textStyle(layout, colours.text);
  const panels = layout.panelHeights.map((_, panel) => panel);
  return {
    animation: false,
    textStyle: text,
    grid: panels.map((panel) => ({
      left: layout.left,
      right,
      top: panelTop(layout, panel),
      height: layout.panelHeights[panel],
      outerBoundsMode: 'none',
    })),
    xAxis: panels.map((panel) => ({
      type: 'value',
      gridIndex: panel,
      min: 0,
      max: data.endS,
      containShape: false,
      axisLine: { lineStyle: { color: colours.axis } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...text, hideOverlap: true, showMaxLabel: false },
      ...(panel === panels.length - 1 && {
        name: 'seconds since the baseline began',
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: text,
      }),
    })),
    yAxis: panels.map((panel) => ({
      type: panel === 2 ? 'log' : 'value',
      gridIndex: panel,
      splitNumber: panel % 2 === 1 ? 2 : 3,
      ...(panel === 2
        ? { min: (range: { min: number }) => Math.min(1, lowerDecade(range.min)) }
        : { min: 0, minInterval: 1, ...(panel === 3 && { max: (range: { max: number }) => range.max + 1 }) }),
      axisLabel: {
        ...text,
        showMaxLabel: panel !== 3,
        formatter: (value: number) => (panel === 2 ? shortMs(value) : shortCount(value)),
      },
      splitLine: { lineStyle: { color: colours.grid } },
      axisLine: { show: false },
      axisTick: { show: false },
    })),
    legend: [
      legend(layout, 2, ['p50', 'p95', 'p99']),
      ...(data.capacity === null ? [] : [legend(layout, 3, capacityNames(layout))]),
    ],
    graphic: labels(data, layout),
    series: series(data, limits, layout),
  };
}

/** The limits that a plan promises, as the chart names them. */
export const limitsOf = ({ objectives }: Plan): LatencyLimit[] =>
  objectives.latency.map(({ path, limitMs }) => ({ label: `${pathLabel(path)} limit ${formatMs(limitMs)}`, limitMs }));

const legend = (layout: ChartLayout, panel: number, names: readonly string[]): object => ({
  data: names,
  top: panelTop(layout, panel) - 27,
  right,
  icon: 'inherit',
  itemWidth: 26,
  itemHeight: 8,
  itemGap: 12,
  selectedMode: false,
  itemStyle: { opacity: 0 },
  textStyle: textStyle(layout, colours.strongText),
});

const lowerDecade = (ms: number): number => 10 ** Math.floor(Math.log10(Math.max(ms, 0.01)));
const shortMs = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);
const shortCount = (count: number): string => (count >= 10_000 ? `${count / 1000}k` : String(count));
