/** OTLP as JSON over HTTP: https://opentelemetry.io/docs/specs/otlp/. 64-bit integers are strings, enumerations are numbers. */
import { type MetricName, metricOf, type Snapshot } from './catalogue.ts';
import type { DrillEvent } from './events.ts';

/** Which run it is. */
export interface RunName {
  drill: string;
  runId: string;
  /** Counters count from here. */
  startedAtMs: number;
}

const cumulative = 2;
const scope = { name: 'tenfold' };
const severities = { info: 9, warning: 13, error: 17 } as const;

/** The body of a request to /v1/metrics. */
export function metricsBody(run: RunName, snapshots: readonly Snapshot[]): unknown {
  const points = new Map<MetricName, unknown[]>();
  for (const { atMs, samples } of snapshots)
    for (const { metric, labels, value } of samples) {
      const ofMetric = points.get(metric) ?? [];
      points.set(metric, ofMetric);
      ofMetric.push({
        attributes: attributesOf(labels),
        startTimeUnixNano: nanos(run.startedAtMs),
        timeUnixNano: nanos(atMs),
        asDouble: value,
      });
    }
  const metrics = [...points].map(([name, dataPoints]) => metricIn(name, dataPoints));
  return { resourceMetrics: [{ resource: resourceOf(run), scopeMetrics: [{ scope, metrics }] }] };
}

function metricIn(name: MetricName, dataPoints: unknown[]): unknown {
  const { kind, unit = '', help } = metricOf(name);
  const data =
    kind === 'counter'
      ? { sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } }
      : { gauge: { dataPoints } };
  return { name: `tenfold.${name}`, description: help, unit, ...data };
}

/** The body of a request to /v1/logs: an event is a log record with a name. */
export const logsBody = (told: readonly { run: RunName; event: DrillEvent }[]): unknown => ({
  resourceLogs: [...Map.groupBy(told, ({ run }) => run).entries()].map(([run, ofRun]) => ({
    resource: resourceOf(run),
    scopeLogs: [{ scope, logRecords: ofRun.map(({ event }) => recordOf(run, event)) }],
  })),
});

const recordOf = ({ drill, runId }: RunName, { atMs, name, severity, text }: DrillEvent) => ({
  timeUnixNano: nanos(atMs),
  observedTimeUnixNano: nanos(atMs),
  severityNumber: severities[severity],
  severityText: severity.toUpperCase(),
  eventName: `tenfold.${name}`,
  body: { stringValue: text },
  attributes: attributesOf({ drill, run: runId }),
});

const resourceOf = ({ runId }: RunName) => ({
  attributes: attributesOf({ 'service.name': 'tenfold', 'service.instance.id': runId }),
});

const attributesOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));

/** Whole microseconds: more digits than that, a number does not hold. */
const nanos = (ms: number): string => `${Math.round(ms * 1_000)}000`;
