import type { Observation } from '../model/evidence.ts';
import type { CapacityType, PodEnd } from '../model/facets.ts';
import type { CapacityFacts, CapacitySample, PodsFact, Timeline } from '../model/facts.ts';
import { ofKind } from './observations.ts';

/** Each look at what the platform holds, in order. */
export const capacitySamples = (observations: Observation[]): CapacitySample[] =>
  ofKind(observations, 'inventory')
    .map(({ kind: _, pods: __, ...sample }) => sample)
    .sort((a, b) => a.atMs - b.atMs);

/** Every end of a pod up to an instant, in order. */
export const podEndsOf = (observations: Observation[], endMs: number | null): PodEnd[] =>
  ofKind(observations, 'pod-end')
    .map(({ kind: _, ...end }) => end)
    .filter(({ atMs }) => endMs === null || atMs <= endMs)
    .sort((a, b) => a.atMs - b.atMs || (a.pod < b.pod ? -1 : 1));

/** What the platform held while the load was on, and every pod's end; null when it was never asked. */
export function capacityFacts(observations: Observation[], timeline: Timeline): CapacityFacts | null {
  const samples = capacitySamples(observations);
  if (samples.length === 0) return null;
  const { baselineStartMs, disturbedAtMs, loadEndMs } = timeline;
  const podEnds = podEndsOf(observations, loadEndMs);
  return {
    samples,
    longestGapMs: disturbedAtMs === null || loadEndMs === null ? null : longestGap(samples, disturbedAtMs, loadEndMs),
    pods: disturbedAtMs === null ? null : podsSince(samples, disturbedAtMs, loadEndMs),
    ...(disturbedAtMs !== null && readyOn(observations, disturbedAtMs)),
    podEnds: podEnds.filter(({ atMs }) => baselineStartMs === null || atMs >= baselineStartMs),
    askedForPodEnds: podEnds.length > 0 || ofKind(observations, 'pod-ends-read').length > 0,
    unexplained: unexplained(observations),
  };
}

/** Index of the last look before an instant; -1 without one. */
export const lastBefore = (samples: CapacitySample[], atMs: number): number =>
  samples.findLastIndex((sample) => sample.atMs <= atMs);

function longestGap(samples: CapacitySample[], fromMs: number, toMs: number): number {
  const within = samples.map(({ atMs }) => atMs).filter((atMs) => atMs > fromMs && atMs < toMs);
  const instants = [fromMs, ...within, toMs];
  return instants.slice(1).reduce((longest, atMs, index) => Math.max(longest, atMs - (instants[index] as number)), 0);
}

function podsSince(samples: CapacitySample[], fromMs: number, toMs: number | null): PodsFact | null {
  const wantedBefore = samples[lastBefore(samples, fromMs)]?.podsWanted;
  const since = samples.filter(({ atMs }) => atMs > fromMs && (toMs === null || atMs <= toMs));
  if (wantedBefore === undefined || since.length === 0) return null;
  // Autoscaling may want fewer by now: pods that are not wanted are not missing.
  const missing = since.map(({ podsReady, podsWanted }) => Math.max(0, Math.min(wantedBefore, podsWanted) - podsReady));
  const mostUnavailable = Math.max(...missing);
  return {
    wantedBefore,
    leastReady: Math.min(...since.map(({ podsReady }) => podsReady)),
    mostUnavailable,
    atMs: since[missing.indexOf(mostUnavailable)]?.atMs as number,
  };
}

/** Nothing where the last look before an instant does not tell of every pod on what it ran. */
function readyOn(observations: Observation[], atMs: number): Pick<CapacityFacts, 'readyOn'> {
  const looks = ofKind(observations, 'inventory').sort((a, b) => a.atMs - b.atMs);
  const pods = looks.findLast((look) => look.atMs <= atMs)?.pods;
  if (pods === undefined || pods.some(({ capacity }) => capacity === undefined)) return {};
  const on = (kind: CapacityType): number => pods.filter(({ ready, capacity }) => ready && capacity === kind).length;
  return { readyOn: { 'on-demand': on('on-demand'), spot: on('spot') } };
}

/** Pods that are gone at the last look, with no report of their end. */
function unexplained(observations: Observation[]): string[] {
  const looks = ofKind(observations, 'inventory').map(({ pods }) => new Set(pods.map(({ name }) => name)));
  const told = new Set(ofKind(observations, 'pod-end').map(({ pod }) => pod));
  const seen = new Set(looks.flatMap((names) => [...names]));
  return [...seen].filter((pod) => !looks.at(-1)?.has(pod) && !told.has(pod)).sort();
}
