/** The dashboard for Grafana, by the names of the metrics: `npm run docs` writes grafana/tenfold.json. Pure. */
import { type MetricName, seriesNameOf } from '../export/catalogue.ts';

const datasource = { type: 'prometheus', uid: '$datasource' };
/** What a panel shows is of one run. */
const of = (name: MetricName, more = ''): string => `${seriesNameOf(name)}{run="$run"${more}}`;
const rate = (name: MetricName, more = ''): string => `rate(${of(name, more)}[$window])`;
/** What is told once, at the end of a run. */
const last = (name: MetricName): string => `last_over_time(${of(name)}[$__range])`;

interface Query {
  expr: string;
  legend: string;
}

interface Shape {
  type: 'timeseries' | 'stat' | 'state-timeline';
  title: string;
  description: string;
  width: number;
  height: number;
  unit?: string;
  queries: Query[];
}

const graph = (title: string, description: string, unit: string, queries: Query[]): Shape => ({
  type: 'timeseries',
  title,
  description,
  width: 12,
  height: 8,
  unit,
  queries,
});

const shapes: Shape[] = [
  {
    type: 'stat',
    title: 'Verdict',
    description: 'Told once the run has been judged.',
    width: 6,
    height: 5,
    queries: [{ expr: `${last('verdict')} == 1`, legend: '{{outcome}}' }],
  },
  {
    type: 'stat',
    title: 'Recovery',
    description: 'From the injection until service was restored.',
    width: 9,
    height: 5,
    unit: 's',
    queries: [{ expr: last('recovery'), legend: '{{path}}' }],
  },
  {
    type: 'stat',
    title: 'Findings',
    description: 'How many of each outcome.',
    width: 9,
    height: 5,
    queries: [{ expr: `count by (outcome) (${last('finding')})`, legend: '{{outcome}}' }],
  },
  {
    type: 'state-timeline',
    title: 'Phase and fault',
    description: 'The phase of the load, and the fault from its injection until it is undone.',
    width: 24,
    height: 6,
    queries: [
      { expr: `${of('phase')} == 1`, legend: '{{phase}}' },
      { expr: `${of('fault')} == 1`, legend: 'fault: {{fault}}' },
    ],
  },
  graph('Calls', 'Calls of shoppers that ended, and what was planned.', 'reqps', [
    { expr: `sum by (path, result) (${rate('calls')})`, legend: '{{path}} {{result}}' },
    { expr: of('planned.calls_per_second'), legend: 'planned: {{phase}}' },
    { expr: rate('dropped'), legend: 'never sent' },
  ]),
  graph('99th percentile', 'Of the calls that ended in each second, with the tightest limit of the path.', 's', [
    { expr: of('call.p99'), legend: '{{path}}' },
    { expr: of('limit'), legend: 'limit: {{path}}' },
  ]),
  graph('Failed calls', 'Share of the calls that failed.', 'percentunit', [
    {
      expr: `sum by (path) (${rate('calls', ',result="failed"')}) / sum by (path) (${rate('calls')})`,
      legend: '{{path}}',
    },
  ]),
  graph('Bad for the error budget', 'Share of the first tries that failed or outran their limit.', 'percentunit', [
    {
      expr: `sum by (path) (${rate('first_tries', ',result="bad"')}) / sum by (path) (${rate('first_tries')})`,
      legend: '{{path}}',
    },
  ]),
  graph('Failed probes', 'Probes of the sentinel that failed, by lane.', 'reqps', [
    { expr: `${rate('probes', ',result="failed"')} > 0`, legend: '{{lane}}' },
  ]),
  graph('Pods and nodes', 'As the platform tells.', 'short', [
    { expr: of('pods.ready'), legend: 'pods ready' },
    { expr: of('pods.wanted'), legend: 'pods wanted' },
    { expr: of('nodes.ready'), legend: 'nodes ready' },
    { expr: of('nodes.wanted'), legend: 'nodes wanted' },
  ]),
  graph('CPU of the pods', 'Mean use of the ready pods, as a share of what they request.', 'percentunit', [
    { expr: of('pods.cpu'), legend: 'pods' },
  ]),
  graph('The machine that measures', 'A busy machine spoils what it measures.', 'percentunit', [
    { expr: of('host.busy'), legend: 'busy' },
    { expr: of('host.steal'), legend: 'stolen' },
    { expr: of('host.pressure'), legend: 'some task waited' },
    { expr: of('host.neighbour'), legend: 'neighbours' },
  ]),
];

const columns = 24;

/** Panels from left to right, and from top to bottom. */
function panels(): unknown[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return shapes.map(({ type, title, description, width, height, unit = 'none', queries }, index) => {
    if (x + width > columns) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w: width, h: height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return {
      id: index + 1,
      type,
      title,
      description,
      datasource,
      gridPos,
      fieldConfig: { defaults: { unit, ...looks[type] }, overrides: [] },
      options: options[type],
      targets: queries.map(({ expr, legend }, at) => ({
        refId: String.fromCharCode('A'.charCodeAt(0) + at),
        datasource,
        expr,
        legendFormat: legend,
        // Each second of a run that was imported is a point.
        interval: '1s',
        ...(type === 'stat' ? { instant: true, range: false } : { range: true }),
      })),
    };
  });
}

/** Where nothing is known, there is a gap. */
const looks: Record<Shape['type'], object> = {
  timeseries: { custom: { lineWidth: 1, fillOpacity: 5, spanNulls: false, showPoints: 'auto' } },
  stat: {},
  'state-timeline': { custom: { fillOpacity: 70 } },
};

const options: Record<Shape['type'], object> = {
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'none' },
  },
  stat: {
    reduceOptions: { calcs: ['lastNotNull'], values: false, fields: '' },
    colorMode: 'none',
    graphMode: 'none',
    textMode: 'value_and_name',
    orientation: 'auto',
    justifyMode: 'auto',
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: 'standard',
  },
  'state-timeline': {
    showValue: 'never',
    rowHeight: 0.9,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
    tooltip: { mode: 'single', sort: 'none' },
  },
};

const chosenOf = (name: string, label: string, query: string) => ({
  name,
  label,
  type: 'query',
  datasource,
  query,
  refresh: 2,
  // The newest run is the last by its id.
  sort: 2,
  multi: false,
  includeAll: false,
});

const windows = ['5s', '15s', '1m', '5m'];

export const dashboard = (): unknown => ({
  uid: 'tenfold',
  title: 'tenfold: a drill',
  description: 'One run of a drill: what shoppers saw, what broke and when, and how it was judged.',
  tags: ['tenfold'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  graphTooltip: 1,
  timezone: 'browser',
  time: { from: 'now-30m', to: 'now' },
  refresh: '5s',
  annotations: {
    list: [
      {
        name: 'Drill',
        datasource: { type: 'grafana', uid: '-- Grafana --' },
        enable: true,
        hide: false,
        iconColor: 'orange',
        target: { type: 'tags', tags: ['tenfold', '$run'], matchAny: false, limit: 500 },
      },
    ],
  },
  templating: {
    list: [
      { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', refresh: 1 },
      chosenOf('drill', 'Drill', `label_values(${seriesNameOf('run.info')}, drill)`),
      chosenOf('run', 'Run', `label_values(${seriesNameOf('run.info')}{drill="$drill"}, run)`),
      {
        name: 'window',
        label: 'Rates over',
        type: 'custom',
        query: windows.join(','),
        options: windows.map((window, index) => ({ text: window, value: window, selected: index === 0 })),
        current: { text: windows[0], value: windows[0] },
        multi: false,
        includeAll: false,
      },
    ],
  },
  panels: panels(),
});
