import { formatCount, formatMs, formatRate } from '../format.ts';
import type { ReportInput } from '../report-input.ts';
import type { CapacityData, Steps } from './capacity-data.ts';
import { Markup, markup, section } from './markup.ts';
import { limitsOf, timelineSvg } from './timeline-chart.ts';
import { type TimelineData, timelineData } from './timeline-data.ts';
import { layoutsFor } from './timeline-layout.ts';

/** Throughput, failures, latency and, where it is known, capacity on one time axis; drawn twice, for a laptop and for a phone, of which CSS shows one. */
export function timelineSection({ facts, plan }: ReportInput): Markup {
  const data = timelineData(facts, 360);
  if (data === null)
    return section('timeline', 'The run', markup`<p>Nothing was measured, so there is nothing to draw.</p>`);
  const limits = limitsOf(plan);
  const label = inWords(data);
  const layouts = layoutsFor(data.capacity !== null);
  const coarse = data.secondsPerPoint > 1 ? ` Each point is the worst of ${data.secondsPerPoint} seconds.` : '';
  return section(
    'timeline',
    'The run',
    markup`
    <figure>
      ${layouts.map((layout) => new Markup(timelineSvg(data, limits, layout, label)))}
      <figcaption>${phaseList(data)}.${coarse} A gap in a line means that nothing was measured.</figcaption>
    </figure>`,
  );
}

const phaseList = (data: TimelineData): string =>
  data.phases.map(({ name, startS, endS }) => `${name} ${startS.toFixed(1)} to ${endS.toFixed(1)} s`).join(', ');

/** The picture for those who do not see it. */
function inWords(data: TimelineData): string {
  const highest = (read: (point: TimelineData['points'][number]) => number | null): number =>
    Math.max(0, ...data.points.map((point) => read(point) ?? 0));
  const failing = data.points.filter((point) => (point.errorsPerSecond ?? 0) > 0);
  const failures =
    failing.length === 0
      ? 'No request failed.'
      : `Requests failed between ${failing[0]?.second} and ${failing.at(-1)?.second} s, at most ${formatCount(highest((point) => point.errorsPerSecond))} per second.`;
  const instants = [
    data.injectedS === null ? '' : `The fault was injected at ${data.injectedS.toFixed(1)} s.`,
    data.recoveredS === null ? '' : `${whatWasBack(data)} at ${data.recoveredS.toFixed(1)} s.`,
  ];
  return [
    `Requests, failures and latency over ${data.endS.toFixed(0)} seconds: at most ${formatRate(highest((point) => point.ratePerSecond))}.`,
    ...instants,
    failures,
    `The highest p99 in any second was ${formatMs(highest((point) => point.p99Ms))}.`,
    data.capacity === null ? '' : capacityInWords(data.capacity),
  ]
    .filter(Boolean)
    .join(' ');
}

const whatWasBack = ({ injectedS }: TimelineData): string =>
  injectedS === null ? 'The traffic started to fall' : 'The shop was steady again';

function capacityInWords({ podsReady, nodesReady }: CapacityData): string {
  const range = (steps: Steps): string => {
    const counts = steps.map(([, count]) => count);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return least === most ? String(most) : `${least} to ${most}`;
  };
  return `${range(podsReady)} pods and ${range(nodesReady)} nodes were ready.`;
}
