import type { PodEnd } from '../model/facets.ts';
import type { Facts, LaneFact, RecoveryFact, ReplicaFact } from '../model/facts.ts';
import { type RecoveryPath, recoveryPaths } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { LaneProbes } from './lane-probes.ts';
import { limitOf } from './limits.ts';
import { type LaneRecovery, recoverLane } from './outage.ts';
import type { Probes } from './probes.ts';
import type { CountedPath } from './ready-counts.ts';

/** A lane and how it recovered. */
export type RecoveredLane = LaneRecovery & { lane: LaneProbes };

const minSentShare = 0.95;
/** The sentinel sends late rather than never: a lane that sent nothing for a window of outage.ts has lost probes. */
const maxSilenceUs = 1_000_000;

const longestSilenceUs = (intendedUs: number[]): number =>
  intendedUs.reduce((longest, us, at) => Math.max(longest, us - (intendedUs[at - 1] ?? us)), 0);

/** Every lane's recovery from an injection to the end of the load; without a known end, as far as probes were sent. */
export function recoverLanes(
  lanes: LaneProbes[],
  injectedAtMs: number,
  loadEndMs: number | null,
  plan: Plan,
): RecoveredLane[] {
  const lastUs = lanes.reduce((last, lane) => Math.max(last, (lane.intendedUs.at(-1) ?? 0) + lane.intervalUs), 0);
  const endUs = loadEndMs === null ? lastUs : Math.round(loadEndMs * 1000);
  return lanes.map((lane) => ({
    lane,
    ...recoverLane(lane, Math.round(injectedAtMs * 1000), endUs, limitUs(lane, plan)),
  }));
}

/** A lane without a latency promise has its speed back with its service. */
const limitUs = ({ path }: LaneProbes, plan: Plan): number =>
  (limitOf(plan, path === 'read' ? 'api' : 'checkout') ?? Infinity) * 1000;

/**
 * The recovery of each path that was probed through the edge: its worst lane. Adds what stops it from being trusted to the
 * problems. A replica whose pod the platform took away proves nothing: how each pod ended says which those are.
 */
export function recoveryFacts(
  lanes: RecoveredLane[],
  probes: Probes,
  podEnds: PodEnd[],
  problems: Facts['problems'],
): RecoveryFact[] {
  const edge = lanes.filter(({ lane }) => lane.via === 'edge');
  if (edge.length === 0 && probes.lanes.length > 0)
    problems.push({ about: 'recovery', message: 'no probe went through the edge, so no recovery could be measured' });
  for (const { lane, sentShare } of edge) {
    const percent = Math.floor(sentShare * 100);
    const silentUs = longestSilenceUs(lane.intendedUs);
    if (sentShare < minSentShare)
      problems.push({
        about: 'recovery',
        message: `lane ${lane.lane} sent ${percent} % of its planned probes after the injection`,
      });
    else if (silentUs > maxSilenceUs)
      problems.push({
        about: 'recovery',
        message: `lane ${lane.lane} sent nothing for ${(silentUs / 1_000_000).toFixed(1)} s`,
      });
  }
  const probed = recoveryPaths.filter((path): path is ProbedPath => path !== 'pods' && path !== 'nodes');
  return probed.flatMap((path) => {
    const ofPath = lanes.filter(({ lane }) => path === 'shop' || lane.path === path);
    const fact = worstOf(path, ofPath, podEnds);
    return fact === null ? [] : [fact];
  });
}

type ProbedPath = Exclude<RecoveryPath, CountedPath>;

function worstOf(path: ProbedPath, lanes: RecoveredLane[], podEnds: PodEnd[]): RecoveryFact | null {
  const edge = lanes.filter(({ lane, probes }) => lane.via === 'edge' && probes > 0);
  if (edge.length === 0) return null;
  const all = <K extends keyof LaneRecovery>(key: K) => edge.map((lane) => lane[key]);
  const starts = all('outageStartUs').filter((at) => at !== null);
  const ends = edge.filter(({ outage }) => outage).map(({ outageEndUs }) => outageEndUs);
  const serviceRestoredMs = ms(latest(all('serviceRestoredUs')));
  const performanceRestoredMs = ms(latest(all('performanceRestoredUs')));
  return {
    path,
    outage: starts.length > 0,
    // The whole shop is back only when it is as fast as promised again.
    recovered: all('recovered').every(Boolean) && (path !== 'shop' || performanceRestoredMs !== null),
    outageStartMs: starts.length === 0 ? null : Math.min(...starts) / 1000,
    outageEndMs: ends.length === 0 ? null : ms(latest(ends)),
    uncertaintyMs: uncertaintyUs(edge, path) / 1000,
    badMs: Math.max(...all('badUs')) / 1000,
    flaps: Math.max(...all('flaps')),
    serviceRestoredMs,
    performanceRestoredMs,
    serviceAtLeastMs: Math.max(...all('serviceAtLeastUs')) / 1000,
    performanceAtLeastMs: Math.max(...all('performanceAtLeastUs')) / 1000,
    observedMs: Math.min(...all('observedUs')) / 1000,
    phases: [],
    lanes: edge.map(laneFact),
    replicas: replicasOf(lanes, podEnds),
    ready: null,
    probes: sum(all('probes')),
    unserved: sum(all('unserved')),
  };
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

const ms = (us: number | null): number | null => (us === null ? null : us / 1000);

/** The last of them; null, for never, if one never came. */
const latest = (instants: (number | null)[]): number | null =>
  instants.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)), 0);

/**
 * How far the last of all lanes' ends can be from the truth: each lane's end lies within its own bounds, so the last one lies
 * between the last lower and the last upper bound. A coarse lane that was back early does not blur a fine one that was last.
 */
function uncertaintyUs(edge: RecoveredLane[], path: ProbedPath): number {
  const ends = edge.flatMap((lane) => [
    { atUs: lane.serviceRestoredUs, byUs: lane.serviceUncertaintyUs },
    ...(path === 'shop' ? [{ atUs: lane.performanceRestoredUs, byUs: lane.performanceUncertaintyUs }] : []),
  ]);
  const known = ends.filter((end): end is { atUs: number; byUs: number } => end.atUs !== null);
  if (known.length < ends.length) return Math.max(...ends.map(({ byUs }) => byUs));
  const lastUs = Math.max(...known.map(({ atUs }) => atUs));
  const earliestUs = Math.max(...known.map(({ atUs, byUs }) => atUs - byUs));
  const latestUs = Math.max(...known.map(({ atUs, byUs }) => atUs + byUs));
  return Math.max(lastUs - earliestUs, latestUs - lastUs);
}

const laneFact = ({ lane, ...recovery }: RecoveredLane): LaneFact => ({
  lane: lane.lane,
  connection: lane.connection,
  intervalMs: lane.intervalUs / 1000,
  outageStartMs: ms(recovery.outageStartUs),
  startUncertaintyMs: ms(recovery.startUncertaintyUs),
  outageEndMs: ms(recovery.outageEndUs),
  serviceRestoredMs: ms(recovery.serviceRestoredUs),
  performanceRestoredMs: ms(recovery.performanceRestoredUs),
  uncertaintyMs: recovery.serviceUncertaintyUs / 1000,
  badMs: recovery.badUs / 1000,
  flaps: recovery.flaps,
  probes: recovery.probes,
});

/** Why the platform ended a replica's pod, in words; null when it did not. A pod that crashed was not taken away. */
export const takenAway = (podEnds: PodEnd[], replica: string): string | null =>
  endOf(podEnds, replica)?.because ?? null;

const endOf = (podEnds: PodEnd[], replica: string): PodEnd | undefined =>
  podEnds.find(({ pod, cause }) => pod === replica && cause !== 'crashed');

/** How long a pod may take to end once it has to: Kubernetes' own terminationGracePeriodSeconds. */
const graceMs = 30_000;

/**
 * A pod that has to go may stop serving shortly before its end. One that stopped serving longer before counts as in service:
 * its end explains nothing. A node is known to be lost only long after its pods stopped serving.
 */
function wasAwayBefore(lanes: RecoveredLane[], { atMs, cause }: PodEnd): boolean {
  if (cause === 'node-lost') return false;
  const lastServedMs = ({ lane: { intendedUs, failed } }: RecoveredLane) =>
    (intendedUs[failed.findLastIndex((isFailed, at) => !isFailed && (intendedUs[at] as number) < atMs * 1000)] ?? 0) /
    1000;
  return lanes.some((lane) => atMs - lastServedMs(lane) > graceMs);
}

/** Each replica's worst lane. One that was not probed all along, or was taken away, has no recovery time. */
function replicasOf(lanes: RecoveredLane[], podEnds: PodEnd[]): ReplicaFact[] {
  const byReplica = Map.groupBy(
    lanes.filter(({ lane }) => lane.via === 'replica'),
    ({ lane }) => lane.replica,
  );
  return [...byReplica]
    .map(([replica, own]) => {
      const end = endOf(podEnds, replica);
      const gone = end === undefined || wasAwayBefore(own, end) ? null : end.because;
      const sentShare = Math.min(...own.map((lane) => lane.sentShare));
      const isKnown = gone === null && sentShare >= minSentShare;
      return {
        replica,
        zone: own[0]?.lane.zone ?? '',
        actualMs: isKnown ? ms(latest(own.map((lane) => lane.serviceRestoredUs))) : null,
        takenAway: gone,
        atLeastMs: Math.max(...own.map((lane) => lane.serviceAtLeastUs)) / 1000,
        observedMs: Math.min(...own.map((lane) => lane.observedUs)) / 1000,
        sentShare,
      };
    })
    .sort((a, b) => (a.replica < b.replica ? -1 : 1));
}
