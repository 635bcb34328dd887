import type { CapacityFacts, CapacitySample } from '../../model/facts.ts';

/** A count over time, told where it changes: seconds since the baseline began, and the count from there on. */
export type Steps = [second: number, count: number][];

/** What the platform held, on the axis of the run. */
export interface CapacityData {
  podsWanted: Steps;
  podsReady: Steps;
  nodesReady: Steps;
}

/** null when the platform was never looked at while the load was on. */
export function capacityData(
  capacity: CapacityFacts | null,
  toSeconds: (atMs: number) => number,
  endS: number,
): CapacityData | null {
  const samples = capacity?.samples.filter(({ atMs }) => toSeconds(atMs) >= 0 && toSeconds(atMs) <= endS) ?? [];
  if (samples.length === 0) return null;
  const steps = (read: (sample: CapacitySample) => number): Steps =>
    changes(samples.map((sample) => [toSeconds(sample.atMs), read(sample)]));
  return {
    podsWanted: steps((sample) => sample.podsWanted),
    podsReady: steps((sample) => sample.podsReady),
    nodesReady: steps((sample) => sample.nodesReady),
  };
}

/** The first, each that differs from the one before it, and the last. */
const changes = (steps: Steps): Steps =>
  steps.filter(([, count], i) => count !== steps[i - 1]?.[1] || i === steps.length - 1);
