import {
  familyOf,
  type MetricName,
  metricNames,
  metricOf,
  type Sample,
  type Snapshot,
  seriesNameOf,
} from './catalogue.ts';

/**
 * Numbers as OpenMetrics writes them (https://prometheus.io/docs/specs/om/open_metrics_spec/): by metric, by series, and then by time.
 * @param options timed: each with its instant, for what is read later; without, they are those of now
 */
export function openMetricsText(snapshots: readonly Snapshot[], { timed }: { timed: boolean }): string {
  const lines = new Map<MetricName, Map<string, string[]>>();
  for (const { atMs, samples } of snapshots)
    for (const sample of samples) {
      const series = seriesOf(sample);
      const ofMetric = lines.get(sample.metric) ?? new Map<string, string[]>();
      lines.set(sample.metric, ofMetric);
      const ofSeries = ofMetric.get(series) ?? [];
      ofMetric.set(series, ofSeries);
      ofSeries.push(timed ? `${series} ${sample.value} ${atMs / 1_000}` : `${series} ${sample.value}`);
    }
  const texts = metricNames.flatMap((name) => {
    const ofMetric = lines.get(name);
    return ofMetric ? [...headOf(name), ...[...ofMetric.values()].flat()] : [];
  });
  return `${[...texts, '# EOF'].join('\n')}\n`;
}

function headOf(name: MetricName): string[] {
  const { kind, unit, help } = metricOf(name);
  const family = familyOf(name);
  return [
    `# TYPE ${family} ${kind}`,
    ...(unit === undefined ? [] : [`# UNIT ${family} ${unit === 's' ? 'seconds' : 'ratio'}`]),
    `# HELP ${family} ${help}.`,
  ];
}

const seriesOf = ({ metric, labels }: Sample): string =>
  `${seriesNameOf(metric)}{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;

const escaped = (value: string): string =>
  value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));
