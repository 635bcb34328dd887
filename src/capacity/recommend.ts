import type { Capacity, CapacityStep } from '../model/capacity.ts';
import type { LoadStepFact } from '../model/facts.ts';
import { mean } from '../statistics/rank-test.ts';
import { counted, duration, number, percent } from '../verdict/words.ts';

type Recommended = Capacity['recommended'];

/** Of the CPU that pods request, with all zones: the reference platform's autoscaling target. With a zone less, all of it. */
const targetRatio = 0.7;
const mostPods = 10_000;
/** Of a pool: as many more connections than are in use on average as random arrivals take at once, as a rule. */
const standardDeviations = 3;
const leastConnections = 2;
/** A line through fewer says nothing. */
const leastSteps = 3;

export const noStep = 'no step tells anything of the shop';

export interface Basis {
  /** Steps of the model, lowest first. */
  steps: readonly LoadStepFact[];
  /** The highest rate up to which nothing gave way; null: that is unknown. */
  carriedPerSecond: number | null;
  tenfoldRatePerSecond: number;
}

/**
 * What ten times the baseline takes, with one zone less, as far as it was measured; and why the rest is unknown.
 * @param first what was at its limit first; null: that is unknown, or nothing was
 */
export function recommend(
  basis: Basis,
  first: Capacity['saturatesFirst'],
): { recommended: Recommended; unknown: Record<string, string> } {
  const isMeasured = basis.steps.length > 0;
  const pods = isMeasured ? podsFor(basis, first) : noStep;
  const pools = isMeasured ? poolsFor(basis, typeof pods === 'string' ? null : pods.count) : noStep;
  const nodes = isMeasured ? nodesFor(basis, typeof pods === 'string' ? null : pods.count) : noStep;
  const known = <T>(value: T | string): T | null => (typeof value === 'string' ? null : value);
  const all = { pods, pools, nodes };
  const unknown = Object.entries(all).flatMap(([name, value]) =>
    typeof value === 'string' ? [[`recommended.${name}`, value]] : [],
  );
  return {
    recommended: { pods: known(pods), pools: known(pools), nodes: known(nodes) },
    unknown: Object.fromEntries(unknown),
  };
}

/** What is left of so many pods without one of the zones that they are spread over. */
export const leftOf = (pods: number, zones: number): number => (zones < 2 ? pods : pods - Math.ceil(pods / zones));

const zonesIn = ({ steps }: Basis): number => Object.keys(steps.at(-1)?.pods?.byZone ?? {}).length;

/** How much of what a pod requests a request a second takes in one pod, and what a pod takes without any. */
interface Demand {
  perRequest: number;
  idle: number;
}

/** By the utilisation law: use grows in proportion to what is served. */
function demandOf(steps: readonly LoadStepFact[]): Demand | null {
  const points = steps.flatMap(({ servedPerSecond, pods }) =>
    pods?.cpuRatio == null || pods.least === 0 ? [] : [{ x: servedPerSecond / pods.least, y: pods.cpuRatio }],
  );
  if (points.length < leastSteps) return null;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
  const idle = Math.max(0, y - slope * x);
  return slope > 0 && idle < targetRatio ? { perRequest: slope, idle } : null;
}

function podsFor(basis: Basis, first: Capacity['saturatesFirst']): NonNullable<Recommended['pods']> | string {
  const { steps, carriedPerSecond, tenfoldRatePerSecond: peak } = basis;
  const now = steps.at(-1)?.pods?.least ?? 0;
  if (now === 0) return 'the platform does not tell how many pods served';
  const other = first === null || first.what === 'cpu' || first.what === 'pool' ? null : limitWords[first.what];
  if (first !== null && other !== null && (carriedPerSecond ?? 0) < peak)
    return `${other} gave way first, at ${number(first.atRatePerSecond)} requests/s: more pods do not carry more`;
  const demand = demandOf(steps);
  // Where something else gave way, a pod can carry more than it did.
  const perPod = carriedPerSecond === null || other !== null ? null : carriedPerSecond / now;
  if (demand === null && perPod === null)
    return 'neither what a request takes of the CPU that pods request is known, nor what a pod carries';
  const zones = zonesIn(basis);
  const useOf = (pods: number) => (demand === null ? 0 : demand.idle + (demand.perRequest * peak) / pods);
  const isEnough = (pods: number): boolean => {
    const left = leftOf(pods, zones);
    return left > 0 && useOf(pods) <= targetRatio && useOf(left) <= 1 && (perPod === null || perPod * left >= peak);
  };
  const count = Array.from({ length: mostPods }, (_, index) => index + 1).find(isEnough);
  if (count === undefined) return `no number of pods up to ${mostPods} is enough by what was measured`;
  const left = leftOf(count, zones);
  return {
    count,
    because: [
      `${number(peak)} requests/s`,
      ...(demand === null
        ? []
        : [
            `the pods use ${percent(round2(useOf(count)))} of the CPU that they request (at most ${percent(targetRatio)})${zones < 2 ? '' : `, and ${percent(round2(useOf(left)))} with a zone less`}`,
          ]),
      ...(perPod === null
        ? []
        : [
            `${zones < 2 ? 'they' : `the ${left} that are left of it`} carry ${number(perPod * left)}, as ${number(perPod)} a pod were carried`,
          ]),
    ].join('; '),
  };
}

const limitWords = {
  database: 'the database',
  edge: 'the edge',
  host: 'this machine',
  load: 'the load side',
} as const;

const round2 = (ratio: number): number => Math.round(ratio * 100) / 100;

function poolsFor(basis: Basis, pods: number | null): NonNullable<Recommended['pools']> | string {
  const busiest = basis.steps.findLast((step) => step.pools !== null && step.startedPerSecond > 0);
  if (busiest?.pools == null) return 'nothing tells how long connections to the database are held';
  const serving = leftOf(pods ?? busiest.pods?.least ?? 0, zonesIn(basis));
  if (serving === 0) return 'it is not known over how many pods the requests are spread';
  const ratePerPod = basis.tenfoldRatePerSecond / serving;
  return busiest.pools.map(({ role, usesPerSecond, holdMs }) => {
    const inUse = (ratePerPod * (usesPerSecond / busiest.startedPerSecond) * holdMs) / 1_000;
    const connections = Math.ceil(inUse + standardDeviations * Math.sqrt(inUse));
    return {
      role,
      connectionsPerPod: Math.max(leastConnections, connections),
      because: `${number(ratePerPod)} requests/s in each of ${counted(serving, 'pod')} hold ${number(inUse, 2)} at once, by Little's law: ${number(usesPerSecond / busiest.startedPerSecond, 2)} uses a request, each for ${duration(holdMs)}`,
    };
  });
}

function nodesFor(basis: Basis, pods: number | null): NonNullable<Recommended['nodes']> | string {
  const onANode = basis.steps.at(-1)?.pods?.mostOnANode ?? 0;
  if (pods === null || onANode === 0) return 'it is not known how many pods there have to be, or go on a node';
  const zones = Math.max(1, zonesIn(basis));
  const inEach = Math.ceil(Math.ceil(pods / zones) / onANode);
  return {
    count: zones * inEach,
    because: `${counted(pods, 'pod')} over ${counted(zones, 'zone')}, at most ${onANode} on a node, as now`,
  };
}

/** The steps of facts that belong to the model. */
export const factsOf = (facts: readonly LoadStepFact[], steps: readonly CapacityStep[]): LoadStepFact[] =>
  facts.filter((_, index) => steps[index]?.leftOut === null);
