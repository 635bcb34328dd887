import type { Capacity } from '../../model/capacity.ts';
import type { Outcome } from '../../model/verdict.ts';
import { formatCount, formatRate, formatRatio, orNotMeasured } from '../format.ts';

export const capacityTitle = 'What the shop carries';

const carriedWords: Record<Outcome, string> = {
  pass: 'Ten times the traffic is carried.',
  fail: 'Ten times the traffic is not carried.',
  inconclusive: 'Whether ten times the traffic is carried is not known for certain.',
};

const times = (factor: number): string => `${formatFactor(factor)} times`;
const formatFactor = (factor: number): string => factor.toLocaleString('en-US', { maximumFractionDigits: 2 });

/** What it comes to, in a few sentences. */
export function capacityHeadline(capacity: Capacity): string {
  const { outcome, ended, trusted } = capacity;
  const end =
    ended.by === 'top'
      ? capitalisedSentence(ended.because)
      : `The load went up until ${endWords[ended.by]}: ${ended.because}.`;
  return [carriedWords[outcome], end, ...(trusted ? [] : ['The model is not to be trusted; see why.'])].join(' ');
}

const endWords: Record<Exclude<Capacity['ended']['by'], 'top'>, string> = {
  promise: 'the shop broke a promise',
  load: 'the load side gave way',
  host: 'this machine gave way',
  early: 'it ended early',
};

const capitalisedSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** A result, or why it is not known. */
export interface CapacityRow {
  label: string;
  text: string;
  isKnown: boolean;
}

export function capacityRows(capacity: Capacity): CapacityRow[] {
  const { recommended, zonesLost, saturatesFirst } = capacity;
  const row = (label: string, path: string, text: string | null): CapacityRow => ({
    label,
    text: text ?? `not known: ${capacity.unknown[path] ?? 'nothing tells'}`,
    isKnown: text !== null,
  });
  return [
    row('Carried', 'carriedPerSecond', capacity.carriedPerSecond === null ? null : carriedText(capacity)),
    row('Knee', 'knee', kneeText(capacity)),
    row('Headroom to ten times', 'headroom.factor', headroomText(capacity)),
    row(
      'Saturates first',
      'saturatesFirst',
      saturatesFirst &&
        `${whatWords[saturatesFirst.what]}, at ${formatRate(saturatesFirst.atRatePerSecond)}: ${saturatesFirst.evidence}`,
    ),
    row('A zone less', 'zonesLost', zonesLost && zoneText(zonesLost)),
    row('Pods for ten times', 'recommended.pods', recommended.pods && countText(recommended.pods)),
    row('Pools for ten times', 'recommended.pools', recommended.pools?.map(poolText).join('; ') ?? null),
    row('Nodes for ten times', 'recommended.nodes', recommended.nodes && countText(recommended.nodes)),
    row('Law', 'model', lawText(capacity)),
  ];
}

const whatWords: Record<NonNullable<Capacity['saturatesFirst']>['what'], string> = {
  cpu: "the pods' CPU",
  pool: 'a pool of connections',
  database: 'the database',
  edge: 'the edge',
  host: 'this machine, not the shop',
  load: 'the load side, not the shop',
};

function carriedText({ carriedPerSecond, baselineRatePerSecond }: Capacity): string {
  const rate = carriedPerSecond ?? 0;
  return `${formatRate(rate)}, ${times(rate / baselineRatePerSecond)} the baseline, before anything gave way`;
}

function kneeText({ knee, model }: Capacity): string | null {
  if (knee === null) return null;
  const { ratePerSecond, lowPerSecond, highPerSecond, by } = knee;
  const between = `between ${formatRate(lowPerSecond)} and ${highPerSecond === null ? 'no known end' : formatRate(highPerSecond)}`;
  return by === 'promise'
    ? `${formatRate(ratePerSecond)}, where a promise is first broken; ${between}, the steps around it`
    : `${formatRate(ratePerSecond)}, the peak of the law; ${between} at ${formatRatio(model?.confidence ?? 0)}`;
}

function headroomText({ headroom }: Capacity): string | null {
  const { factor, low, high, atLeast } = headroom;
  if (factor !== null && low !== null)
    return `${times(factor)} ten times the baseline (${formatFactor(low)} to ${high === null ? 'no known end' : formatFactor(high)})`;
  return atLeast === null ? null : `at least ${times(atLeast)} ten times the baseline was carried`;
}

function zoneText({ carriesTenfold, because }: NonNullable<Capacity['zonesLost']>): string {
  const carries =
    carriesTenfold === null
      ? 'whether the others carry ten times is not known'
      : carriesTenfold
        ? 'the others carry ten times'
        : 'the others do not carry ten times';
  return `${carries}; ${because}`;
}

const countText = ({ count, because }: { count: number; because: string }): string =>
  `${formatCount(count)}: ${because}`;

const poolText = ({
  role,
  connectionsPerPod,
  because,
}: NonNullable<Capacity['recommended']['pools']>[number]): string =>
  `${role} ${formatCount(connectionsPerPod)} a pod: ${because}`;

function lawText({ model }: Capacity): string | null {
  if (model === null) return null;
  const { alpha, beta, lambda, intervals, heldOut } = model;
  const value = (name: string, one: number, { low, high }: { low: number; high: number }) =>
    `${name} ${significant(one)} (${significant(low)} to ${significant(high)})`;
  return [
    value('lambda', lambda, intervals.lambda),
    value('alpha', alpha, intervals.alpha),
    value('beta', beta, intervals.beta),
    `off by ${formatRatio(heldOut.relativeError)} at ${times(heldOut.factor)} the baseline, which it had not seen`,
  ].join('; ');
}

const significant = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

export const stepHead = ['Step', 'Requests/s', 'Answers/s', 'In flight', 'p99', 'CPU', 'Pods', 'Gave way'] as const;

/** A step as the cells of a table. */
export function stepCells(step: Capacity['steps'][number]): string[] {
  const { factor, startedPerSecond, servedPerSecond, inFlight, latency, busyRatio, pods, gaveWay, leftOut } = step;
  const p99s = latency.map(({ path, p99Ms }) => `${path} ${p99Text(p99Ms)}`);
  const gave = gaveWay === null ? (leftOut === null ? '' : `not in the law: ${leftOut}`) : gaveWay.because;
  return [
    `${formatFactor(factor)}x`,
    formatRate(startedPerSecond),
    formatRate(servedPerSecond),
    formatFactor(inFlight),
    p99s.join(', '),
    orNotMeasured(busyRatio, formatRatio),
    podsText(pods),
    gave,
  ];
}

const p99Text = (p99Ms: number | 'failed' | null): string =>
  p99Ms === null ? 'not measured' : p99Ms === 'failed' ? 'failed' : `${formatFactor(p99Ms)} ms`;

const podsText = (pods: Capacity['steps'][number]['pods']): string =>
  pods === null
    ? 'not measured'
    : `${pods.ready}${pods.cpuRatio === null ? '' : `, ${formatRatio(pods.cpuRatio)} of their request`}`;
