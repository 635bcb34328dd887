import type { Objectives, Phase } from '../model/objectives.ts';
import type { PlannedSamples } from '../model/plan.ts';
import { type LatencyPath, type Profile, peakRatePerSecond, shareOf } from '../model/profile.ts';

/** Fewest samples with which a p99 can pass at one-sided 95 %, with no bad call at all: ln 0.05 / ln 0.99. */
const fewestForP99 = 299;
/** A phase planned to yield just enough would miss it half of the time. */
const margin = 1.1;

/** How long a phase lasts, as far as it can be known before the run. */
function phaseMs(profile: Profile, phase: Phase): { lengthMs: number; condition: string } {
  const half = profile.afterFaultMs / 2;
  switch (phase) {
    case 'baseline':
      return { lengthMs: profile.baselineMs, condition: '' };
    case 'ramp':
      return { lengthMs: profile.rampMs, condition: '' };
    case 'peak':
      return { lengthMs: profile.peakMs, condition: '' };
    case 'fault':
      return { lengthMs: half, condition: ` if the shop recovers ${half / 1000} s after the fault` };
    case 'recovered':
      return { lengthMs: half, condition: ` if the shop recovers within ${half / 1000} s of the fault` };
  }
}

function meanRatePerSecond(profile: Profile, phase: Phase): number {
  const peak = peakRatePerSecond(profile);
  if (phase === 'baseline') return profile.baselineRatePerSecond;
  return phase === 'ramp' ? (profile.baselineRatePerSecond + peak) / 2 : peak;
}

/** What each latency objective's phase will yield, and whether that suffices to judge it. */
export function plannedSamples(profile: Profile, objectives: Objectives): PlannedSamples[] {
  return objectives.latency.flatMap(({ path, limitMs, phases }) =>
    phases.map((phase) => plannedFor(profile, path, phase, limitMs)),
  );
}

function plannedFor(profile: Profile, path: LatencyPath, phase: Phase, limitMs: number): PlannedSamples {
  const { lengthMs, condition } = phaseMs(profile, phase);
  const expected = Math.floor((lengthMs / 1000) * meanRatePerSecond(profile, phase) * shareOf(path));
  const judged = expected >= fewestForP99 * margin;
  const reason = judged
    ? `about ${expected} calls${condition}`
    : `about ${expected} calls are too few to judge a p99 (${fewestForP99} at the least): reported only`;
  return { path, phase, limitMs, expected, judged, reason };
}
