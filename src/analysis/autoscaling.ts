import type { AutoscalingFact, CapacitySample, Timeline } from '../model/facts.ts';
import { lastBefore } from './capacity.ts';

/*
 * Ready pods are enough by the autoscaler's own rule: a target of 70 % of the CPU they request, with a tolerance of 10 %
 * of that. They are enough from the first look of the peak at which that holds, if it also holds at the next one and in
 * the mean of the seconds that follow: a reading that still reflects the time before the step does not count. As many as
 * the platform may have are also enough: what they cannot do is judged by what shoppers see.
 */
const enoughCpuRatio = 0.7 * 1.1;
const holdLooks = 2;
const holdMs = 5_000;

/** How long after the step to the peak the ready pods were enough for it; null without a peak or a look at it. */
export function autoscalingFact(samples: CapacitySample[], timeline: Timeline): AutoscalingFact | null {
  const { peakStartMs: startMs, rampStartMs } = timeline;
  const endMs = timeline.injectedAtMs ?? timeline.recoveredAtMs ?? timeline.loadEndMs;
  if (startMs === null || endMs === null) return null;
  const peak = samples.filter(({ atMs }) => atMs >= startMs && atMs < endMs);
  if (peak.length === 0) return null;
  const before = samples[lastBefore(samples, rampStartMs ?? startMs)] ?? peak[0];
  const at = peak.findIndex((_, index) => isEnoughFrom(peak, index, endMs));
  const enough = peak[at];
  return {
    lagMs: enough === undefined ? null : enough.atMs - startMs,
    uncertaintyMs: enough === undefined ? 0 : enough.atMs - (peak[at - 1]?.atMs ?? startMs),
    observedMs: endMs - startMs,
    podsBefore: before?.podsReady ?? 0,
    podsEnough: enough?.podsReady ?? null,
    podsMost: Math.max(...peak.map(({ podsReady }) => podsReady)),
    looks: peak.length,
    readings: peak.filter(({ cpuRatio }) => cpuRatio !== null).length,
  };
}

function isEnoughFrom(peak: CapacitySample[], index: number, endMs: number): boolean {
  const startMs = peak[index]?.atMs as number;
  if (startMs + holdMs > endMs) return false;
  const next = peak.slice(index, index + holdLooks);
  if (next.length < holdLooks || !next.every((look) => isAll(look) || isEnough(look.cpuRatio))) return false;
  const held = peak.slice(index).filter(({ atMs }) => atMs < startMs + holdMs);
  const ratios = held.map(({ cpuRatio }) => cpuRatio).filter((ratio) => ratio !== null);
  return held.every(isAll) || isEnough(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
}

const isAll = ({ podsReady, podsMax }: CapacitySample): boolean => typeof podsMax === 'number' && podsReady >= podsMax;

const isEnough = (cpuRatio: number | null): boolean => cpuRatio !== null && cpuRatio <= enoughCpuRatio;
