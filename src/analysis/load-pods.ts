import type { Observation } from '../model/evidence.ts';
import type { LoadPodFact, Timeline } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { peakRatePerSecond } from '../model/profile.ts';
import { clockOff } from './clock-off.ts';
import { ofKind } from './observations.ts';
import { phaseSpans } from './timeline.ts';

/** How the pods fared that ran k6; none where it ran on this machine. */
export function loadPodFacts(observations: Observation[], timeline: Timeline, plan: Plan): LoadPodFact[] {
  const pods = ofKind(observations, 'load-pod');
  const ends = ofKind(observations, 'load-pod-end');
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
      clockOffMs: clockOff(observations, pod),
    };
  });
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
