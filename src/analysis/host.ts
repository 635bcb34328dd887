import type { Observation } from '../model/evidence.ts';
import type { HostFacts, HostPhase, RobbedSecond, Timeline } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { rankOf } from '../statistics/rank.ts';
import { type LaneProbes, lowerBound } from './lane-probes.ts';
import { type ObservationOf, ofKind } from './observations.ts';
import type { Probes } from './probes.ts';
import { type LateWait, robbedSeconds } from './robbed-seconds.ts';
import { phaseAt, phaseStarts } from './timeline.ts';

/**
 * How the measuring side fared: averages over the phases whose latency is judged, and each phase by itself. null where
 * nothing was measured.
 */
export function hostFacts(
  observations: Observation[],
  timeline: Timeline,
  plan: Plan,
  probes: Probes,
  lateWaits: LateWait[],
): HostFacts {
  const looks = ofKind(observations, 'host');
  const judged = new Set(plan.samples.filter((sample) => sample.judged).map(({ phase }) => phase));
  const samples = looks.filter(({ atMs }) => {
    const phase = phaseAt(timeline, atMs);
    return phase !== null && (judged.size === 0 || judged.has(phase));
  });
  const robbed = robbedSeconds(looks, probes.lanes, lateWaits, timeline.secondsTurnMs);
  return {
    cpuCount: looks.at(-1)?.cpuCount ?? null,
    cpuPressureRatio: mean(samples.map(({ cpuPressureRatio }) => cpuPressureRatio)),
    stealRatio: mean(samples.map(({ stealRatio }) => stealRatio)),
    busyRatio: mean(samples.map(({ busyRatio }) => busyRatio)),
    neighbourRatio: mean(samples.map(({ neighbourRatio }) => neighbourRatio ?? null)),
    robbed,
    sentinelLatenessP99Ms: probes.latenessP99Ms,
    phases: hostPhases(looks, timeline, probes, robbed),
    clockStepMs: clockStep(looks),
  };
}

/** Each phase of the load that has begun; what was probed after the load's end belongs to none. */
function hostPhases(
  looks: ObservationOf<'host'>[],
  timeline: Timeline,
  { lanes }: Probes,
  robbed: RobbedSecond[],
): HostPhase[] {
  const starts = phaseStarts(timeline);
  const loadEndMs = timeline.loadEndMs ?? looks.at(-1)?.atMs ?? 0;
  return starts
    .map(({ phase, startMs }, index) => {
      const endMs = starts[index - 1]?.startMs ?? loadEndMs;
      const latenesses = lanes.flatMap((lane) => latenessesBetween(lane, startMs * 1000, endMs * 1000));
      const within = looks.filter(({ atMs }) => atMs >= startMs && atMs < endMs);
      return {
        phase,
        seconds: Math.max(0, endMs - startMs) / 1000,
        robbedSeconds: robbed.reduce((sum, { atMs }) => sum + overlapMs(atMs, startMs, endMs), 0) / 1000,
        stealRatio: mean(within.map(({ stealRatio }) => stealRatio)),
        busyRatio: mean(within.map(({ busyRatio }) => busyRatio)),
        sentinelLatenessP99Ms: p99Ms(latenesses),
      };
    })
    .reverse();
}

/** How much of the second that starts at an instant lies within a phase. */
const overlapMs = (secondMs: number, startMs: number, endMs: number): number =>
  Math.max(0, Math.min(endMs, secondMs + 1_000) - Math.max(startMs, secondMs));

/** A lane's probes are in the order in which they were due. */
function latenessesBetween({ intendedUs, sentUs }: LaneProbes, fromUs: number, toUs: number): number[] {
  const [first, last] = [lowerBound(intendedUs, fromUs), lowerBound(intendedUs, toUs)];
  return sentUs.slice(first, last).map((us, index) => us - (intendedUs[first + index] as number));
}

function p99Ms(us: number[]): number | null {
  const at99 = Float64Array.from(us).sort()[rankOf(us.length, 990) - 1];
  return at99 === undefined ? null : Math.max(0, at99) / 1000;
}

function clockStep(looks: ObservationOf<'host'>[]): number | null {
  const offsets = looks.flatMap(({ clockOffsetMs }) => (clockOffsetMs === undefined ? [] : [clockOffsetMs]));
  return offsets.length === 0 ? null : offsets.reduce((most, offset) => Math.max(most, Math.abs(offset)), 0);
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
