import type { Observation } from '../model/evidence.ts';
import type { LoadPodFact, Timeline } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { peakRatePerSecond } from '../model/profile.ts';
import { type ObservationOf, ofKind } from './observations.ts';
import { phaseSpans } from './timeline.ts';

/** How the pods fared that ran k6; none where it ran on this machine. */
export function loadPodFacts(observations: Observation[], timeline: Timeline, plan: Plan): LoadPodFact[] {
  const pods = ofKind(observations, 'load-pod');
  const ends = ofKind(observations, 'load-pod-end');
  const clocks = ofKind(observations, 'load-clock');
  return pods.map(({ pod, node, zone }) => {
    const end = ends.find((one) => one.pod === pod);
    const lost = end?.lost ?? true;
    return {
      pod,
      node,
      zone,
      exitCode: end?.exitCode ?? null,
      because: end?.because ?? 'nothing tells how it ended',
      lost,
      lastSampleMs: end?.lastSampleMs ?? null,
      owed: lost ? owedFrom(end?.lastSampleMs ?? -Infinity, pods.length, timeline, plan) : [],
      clockOffMs: clockOff(clocks.filter((one) => one.pod === pod)),
    };
  });
}

/**
 * How far a clock was from ours at most: what all measurements allow, as it does not step by itself; or, where that is nothing, so that
 * it was stepped, what any of them allows. null without any.
 */
function clockOff(clocks: ObservationOf<'load-clock'>[]): number | null {
  if (clocks.length === 0) return null;
  const lows = clocks.map(({ offsetMs, uncertaintyMs }) => offsetMs - uncertaintyMs);
  const highs = clocks.map(({ offsetMs, uncertaintyMs }) => offsetMs + uncertaintyMs);
  const [low, high] = [Math.max(...lows), Math.min(...highs)];
  return low <= high ? Math.max(Math.abs(low), Math.abs(high)) : Math.max(...[...lows, ...highs].map(Math.abs));
}

/** The most iterations of each phase that one of so many pods should have started from an instant on: each sends a request at least. */
function owedFrom(fromMs: number, pods: number, timeline: Timeline, plan: Plan): LoadPodFact['owed'] {
  return phaseSpans(timeline).flatMap(({ phase, startMs, endMs }) => {
    const [from, to] = [Math.max(fromMs, startMs), endMs];
    if (to <= from) return [];
    const requests = ((rateAt(from, timeline, plan) + rateAt(to - 1, timeline, plan)) / 2) * ((to - from) / 1_000);
    return [{ phase, count: Math.ceil(requests / pods) }];
  });
}

/** Requests per second of the schedule; after the peak at most these. */
function rateAt(atMs: number, { rampStartMs, peakStartMs }: Timeline, { profile }: Plan): number {
  const [low, high] = [profile.baselineRatePerSecond, peakRatePerSecond(profile)];
  if (rampStartMs === null || atMs < rampStartMs) return low;
  if (peakStartMs === null || atMs >= peakStartMs) return high;
  return low + ((high - low) * (atMs - rampStartMs)) / (peakStartMs - rampStartMs);
}
