/** What others are told of a drill: each number with its kind, unit and labels. All have the labels `drill` and `run` as well. */
interface Metric {
  kind: 'counter' | 'gauge';
  /** As OpenTelemetry has it: seconds, or a share of 1. */
  unit?: 's' | '1';
  help: string;
  labels: readonly string[];
}

export const catalogue = {
  'run.info': { kind: 'gauge', help: 'What is drilled, always 1', labels: ['target', 'profile', 'without'] },
  running: { kind: 'gauge', help: '1 while the drill runs, 0 once it has ended', labels: [] },
  phase: { kind: 'gauge', help: '1 for the phase that the load is in, 0 for the others', labels: ['phase'] },
  fault: {
    kind: 'gauge',
    help: '1 from the injection of the fault until it is undone, otherwise 0',
    labels: ['fault'],
  },
  'planned.calls_per_second': { kind: 'gauge', help: 'Calls a second that are planned', labels: ['phase'] },
  limit: { kind: 'gauge', unit: 's', help: 'The tightest limit of a call', labels: ['path'] },
  calls: { kind: 'counter', help: 'Calls of shoppers that have ended', labels: ['path', 'result'] },
  first_tries: {
    kind: 'counter',
    help: 'First tries of calls: good, or bad for the error budget, as they failed or outran their limit',
    labels: ['path', 'result'],
  },
  'call.p99': {
    kind: 'gauge',
    unit: 's',
    help: '99th percentile of the calls that ended in the last second',
    labels: ['path'],
  },
  dropped: { kind: 'counter', help: 'Calls that were due and never sent', labels: [] },
  probes: { kind: 'counter', help: 'Probes of the sentinel', labels: ['lane', 'result'] },
  'pods.ready': { kind: 'gauge', help: 'Pods that are ready', labels: [] },
  'pods.wanted': { kind: 'gauge', help: 'Pods that the platform wants', labels: [] },
  'pods.cpu': { kind: 'gauge', unit: '1', help: 'Mean CPU use of the ready pods, of what they request', labels: [] },
  'nodes.ready': { kind: 'gauge', help: 'Nodes that are ready', labels: [] },
  'nodes.wanted': { kind: 'gauge', help: 'Nodes that the platform wants', labels: [] },
  'host.busy': { kind: 'gauge', unit: '1', help: 'CPU time of the machine that was used', labels: [] },
  'host.steal': { kind: 'gauge', unit: '1', help: 'CPU time that other machines took from this one', labels: [] },
  'host.pressure': { kind: 'gauge', unit: '1', help: 'Time in which some task waited for a CPU', labels: [] },
  'host.neighbour': {
    kind: 'gauge',
    unit: '1',
    help: 'CPU time that went to others than the platform and the instruments',
    labels: [],
  },
  verdict: { kind: 'gauge', help: '1 for the outcome of the drill, 0 for the others', labels: ['outcome'] },
  finding: { kind: 'gauge', help: 'The outcome of each finding, always 1', labels: ['finding', 'outcome'] },
  recovery: { kind: 'gauge', unit: 's', help: 'From the injection until service was restored', labels: ['path'] },
  'recovery.objective': { kind: 'gauge', unit: 's', help: 'How long that may take', labels: ['path'] },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof catalogue;
export const metricOf = (name: MetricName): Metric => catalogue[name];
export const metricNames = Object.keys(catalogue) as MetricName[];

const suffixes = { s: '_seconds', '1': '_ratio' } as const;

/** A metric's name for Prometheus, without the `_total` of a counter; what OpenTelemetry's name and unit are translated into. */
export function familyOf(name: MetricName): string {
  const { unit } = metricOf(name);
  return `tenfold_${name.replaceAll('.', '_')}${unit === undefined ? '' : suffixes[unit]}`;
}

/** The name that queries use. */
export const seriesNameOf = (name: MetricName): string =>
  metricOf(name).kind === 'counter' ? `${familyOf(name)}_total` : familyOf(name);

/** All labels that any metric has. */
export const allLabels: string[] = [
  ...new Set(['drill', 'run', ...metricNames.flatMap((name) => metricOf(name).labels)]),
];

/** A number that is known at an instant. */
export interface Sample {
  metric: MetricName;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** All that is known at an instant. */
export interface Snapshot {
  atMs: number;
  samples: Sample[];
}
