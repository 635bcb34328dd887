import 'echarts/lib/chart/line';
import 'echarts/lib/chart/scatter';
import 'echarts/lib/component/grid';
import 'echarts/lib/component/markLine';
import { type EChartsCoreOption, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Capacity } from '../../model/capacity.ts';
import { throughputAt } from '../../statistics/universal-scalability.ts';
import { formatRate, plural } from '../format.ts';
import { chartSvg } from '../html/chart-svg.ts';
import { chartColours as colours } from '../html/style.ts';

use([SVGRenderer]);

/** As wide as it is shown, as a rule, so that its text keeps its size. */
const size = { width: 360, height: 240 };
const text = { color: colours.text, fontSize: 12, fontFamily: 'system-ui, sans-serif' };
const plain = { silent: true, animation: false, emphasis: { disabled: true } };
const curvePoints = 120;

/** Answers a second by calls in flight: what was measured, and the law. */
export const capacitySvg = (capacity: Capacity): string =>
  chartSvg(options(capacity), size, { name: 'capacity', label: inWords(capacity) });

function options({ steps, model, tenfoldRatePerSecond }: Capacity): EChartsCoreOption {
  const counting = steps.filter(({ leftOut }) => leftOut === null);
  const others = steps.filter(({ leftOut }) => leftOut !== null);
  const mostInFlight = Math.max(1, ...steps.map(({ inFlight }) => inFlight));
  const highest = Math.max(tenfoldRatePerSecond, ...steps.map(({ servedPerSecond }) => servedPerSecond));
  return {
    animation: false,
    textStyle: text,
    grid: { left: 62, right: 18, top: 24, bottom: 44, outerBoundsMode: 'none' },
    xAxis: {
      ...axis('Calls in flight, on average'),
      max: mostInFlight * 1.05,
      axisLabel: { ...text, formatter: (value: number) => (value > mostInFlight ? '' : String(value)) },
    },
    yAxis: {
      ...axis('Right answers a second'),
      nameLocation: 'end',
      nameTextStyle: { ...text, align: 'left', padding: [0, 0, 0, -50] },
      nameGap: 8,
      max: highest * 1.1,
      axisLabel: { ...text, formatter: (value: number) => (value > highest ? '' : String(value)) },
    },
    series: [
      ...(model === null ? [] : [curve(model, mostInFlight)]),
      // Shapes differ as well as colours: round counts, square broke a promise, hollow is not in the law.
      marks(
        counting.filter(({ gaveWay }) => gaveWay === null),
        { symbol: 'circle', itemStyle: { color: colours.p99 } },
        tenfoldRatePerSecond,
      ),
      marks(
        counting.filter(({ gaveWay }) => gaveWay !== null),
        { symbol: 'rect', itemStyle: { color: colours.failed } },
      ),
      marks(others, {
        symbol: 'circle',
        itemStyle: { color: 'transparent', borderColor: colours.axis, borderWidth: 1.2 },
      }),
    ],
  };
}

const axis = (name: string): object => ({
  type: 'value',
  min: 0,
  name,
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: text,
  axisLine: { show: true, lineStyle: { color: colours.axis } },
  splitLine: { lineStyle: { color: colours.grid } },
});

function curve(model: NonNullable<Capacity['model']>, mostInFlight: number): object {
  const data = Array.from({ length: curvePoints + 1 }, (_, at) => {
    const inFlight = (mostInFlight * at) / curvePoints;
    return [inFlight, throughputAt(model, inFlight)];
  });
  return { ...plain, type: 'line', data, symbol: 'none', lineStyle: { color: colours.p95, width: 1.6 } };
}

function marks(steps: Capacity['steps'], look: object, tenfold?: number): object {
  return {
    ...plain,
    ...look,
    type: 'scatter',
    symbolSize: 7,
    data: steps.map(({ inFlight, servedPerSecond }) => [inFlight, servedPerSecond]),
    ...(tenfold !== undefined && {
      markLine: {
        silent: true,
        symbol: 'none',
        label: { ...text, formatter: 'ten times', position: 'insideStartTop' },
        lineStyle: { color: colours.limit, type: 'dashed', width: 1.4 },
        data: [{ yAxis: tenfold }],
      },
    }),
  };
}

function inWords({ steps, model, tenfoldRatePerSecond }: Capacity): string {
  const last = steps.at(-1);
  const measured =
    last === undefined
      ? 'Nothing was measured.'
      : `At the last of ${plural(steps.length, 'step')} ${formatRate(last.servedPerSecond)} were answered.`;
  const peak = model?.peak ? `The law has its peak at ${formatRate(model.peak.perSecond)}.` : 'The law has no peak.';
  return `Right answers a second by calls in flight. ${measured} ${model === null ? 'There is no law.' : peak} Ten times the baseline are ${formatRate(tenfoldRatePerSecond)}.`;
}
