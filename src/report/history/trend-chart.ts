// Each by itself: all charts of echarts take as long to load as everything else that a trend does.
import 'echarts/lib/chart/custom';
import 'echarts/lib/chart/scatter';
import 'echarts/lib/component/grid';
import 'echarts/lib/component/markLine';
import { type EChartsCoreOption, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { counts, type Measure, type MeasureTrend, type Trend } from '../../model/history.ts';
import type { Outcome } from '../../model/verdict.ts';
import { formatMs } from '../format.ts';
import { chartSvg } from '../html/chart-svg.ts';
import { chartColours as colours } from '../html/style.ts';
import { measureName, measureText } from './words.ts';

use([SVGRenderer]);

/** As wide as it is shown, as a rule, so that its text keeps its size. */
const size = { width: 360, height: 190 };
const text = { color: colours.text, fontSize: 12, fontFamily: 'system-ui, sans-serif' };
const plain = { silent: true, animation: false, emphasis: { disabled: true } };

type Shown = Trend['shown'][number];
type Dot = { run: Shown; at: number; point: Measure };

/** A measure of each run, oldest first, with the interval in which it is uncertain. */
export function trendSvg(trend: Trend, measure: MeasureTrend): string {
  const name = `trend-${measure.id.replaceAll('.', '-')}`;
  return chartSvg(options(trend, measure), size, { name, label: inWords(trend, measure) });
}

function options({ shown }: Trend, { points, change }: MeasureTrend): EChartsCoreOption {
  const dots = points.flatMap((point, at): Dot[] => (point === null ? [] : [{ run: shown[at] as Shown, at, point }]));
  const top = topOf(dots);
  return {
    animation: false,
    textStyle: text,
    grid: { left: 62, right: 14, top: 12, bottom: 26, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      data: shown.map(({ startedAt }) => startedAt.slice(0, 10)),
      axisLine: { lineStyle: { color: colours.axis } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: top * 1.08,
      splitNumber: 3,
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: { ...text, formatter: (ms: number) => (ms > top ? '' : formatMs(ms)) },
    },
    series: [
      intervals(dots, top),
      // Shapes differ as well as colours: round passed, square failed, hollow does not count.
      marks(dots.filter(isCounted('pass')), top, { symbol: 'circle', itemStyle: { color: colours.p99 } }),
      marks(dots.filter(isCounted('fail')), top, { symbol: 'rect', itemStyle: { color: colours.failed } }),
      marks(
        dots.filter(({ run }) => !counts(run)),
        top,
        { symbol: 'circle', itemStyle: hollow },
      ),
      ...(change === null ? [] : [changeLine(shown.findIndex(({ runId }) => runId === change.first.runId))]),
    ],
  };
}

/** Room for all values, and for intervals up to twice as high: one run of few calls should not flatten the others. */
function topOf(dots: readonly Dot[]): number {
  const finite = (values: readonly (number | null)[]): number =>
    Math.max(0, ...values.filter((value): value is number => value !== null && Number.isFinite(value)));
  const highest = finite(dots.map(({ point }) => point.valueMs));
  const highestBound = finite(dots.flatMap(({ point }) => [point.lowMs, point.highMs]));
  return Math.max(1, highest === 0 ? highestBound : Math.min(highestBound, 2 * highest), highest);
}

/** What is worse than any limit stands at the top. */
const drawn = (ms: number | null, top: number): number => (ms === null ? top * 1.08 : Math.min(ms, top * 1.08));

const isCounted =
  (outcome: Outcome) =>
  ({ run }: Dot): boolean =>
    counts(run) && run.outcome === outcome;

const hollow = { color: 'transparent', borderColor: colours.axis, borderWidth: 1.2 };

const marks = (dots: readonly Dot[], top: number, look: { symbol: string; itemStyle: object }): object => ({
  ...plain,
  ...look,
  type: 'scatter',
  symbolSize: 5,
  data: dots.map(({ at, point }) => [at, drawn(point.valueMs, top)]),
});

interface Api {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
}

const intervals = (dots: readonly Dot[], top: number): object => ({
  ...plain,
  type: 'custom',
  clip: true,
  data: dots
    .filter(({ point }) => point.lowMs !== null)
    .map(({ at, point }) => [at, drawn(point.lowMs, top), drawn(point.highMs, top)]),
  renderItem: (_: unknown, api: Api) => {
    const [x1, y1] = api.coord([api.value(0), api.value(1)]);
    const [x2, y2] = api.coord([api.value(0), api.value(2)]);
    return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colours.p50, lineWidth: 1.2, fill: 'none' } };
  },
});

/** Before the first run after it. */
const changeLine = (at: number): object => ({
  ...plain,
  type: 'scatter',
  data: [],
  markLine: {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: colours.limit, type: 'dashed', width: 1.6 },
    data: [{ xAxis: at }],
  },
});

function inWords({ shown }: Trend, { id, points, change }: MeasureTrend): string {
  const known = points.filter((point) => point !== null);
  const [first, last] = [known[0] ?? null, known.at(-1) ?? null];
  const changed = change === null ? 'No change is named.' : `It changed with run ${change.first.runId}.`;
  return `${measureName(id)} in ${shown.length} runs: ${measureText(first)} in the first, ${measureText(last)} in the newest. ${changed}`;
}
