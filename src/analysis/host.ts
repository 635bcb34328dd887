import type { Observation } from '../model/evidence.ts';
import type { HostFacts, Timeline } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { ofKind } from './observations.ts';
import { phaseAt } from './timeline.ts';

/** Averages over the phases whose latency is judged; null where nothing was measured. */
export function hostFacts(
  observations: Observation[],
  timeline: Timeline,
  plan: Plan,
  sentinelLatenessP99Ms: number | null,
): HostFacts {
  const judged = new Set(plan.samples.filter((sample) => sample.judged).map(({ phase }) => phase));
  const samples = ofKind(observations, 'host').filter(({ atMs }) => {
    const phase = phaseAt(timeline, atMs);
    return phase !== null && (judged.size === 0 || judged.has(phase));
  });
  return {
    cpuCount: ofKind(observations, 'host').at(-1)?.cpuCount ?? null,
    cpuPressureRatio: mean(samples.map(({ cpuPressureRatio }) => cpuPressureRatio)),
    stealRatio: mean(samples.map(({ stealRatio }) => stealRatio)),
    busyRatio: mean(samples.map(({ busyRatio }) => busyRatio)),
    sentinelLatenessP99Ms,
  };
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
