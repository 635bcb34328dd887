import type { Objectives, Phase } from '../model/objectives.ts';
import type { PlannedSamples } from '../model/plan.ts';
import { type Profile, peakRatePerSecond, shareOf } from '../model/profile.ts';
import { leastDesignEffect } from '../model/spells.ts';
import { calmMs, peakHeldMs, settlingMs } from './schedule.ts';

/** Fewest samples with which a p99 can pass at one-sided 95 %, with no bad call at all: ln 0.05 / ln 0.99. */
const fewestForP99 = 299;
/** And with one bad call. */
const fewestWithOneBad = 473;
/** A phase planned to yield just enough would miss it half of the time. */
const margin = 1.1;

/** How long a phase lasts, as far as it can be known before the run, and at what rate. */
interface PhaseLoad {
  lengthMs: number;
  ratePerSecond: number;
  condition: string;
}

function phaseLoad(profile: Profile, phase: Phase, hasFault: boolean): PhaseLoad {
  const baseline = profile.baselineRatePerSecond;
  const peak = peakRatePerSecond(profile);
  const half = profile.afterFaultMs / 2;
  switch (phase) {
    case 'baseline':
      return { lengthMs: profile.baselineMs - settlingMs, ratePerSecond: baseline, condition: '' };
    case 'ramp':
      return { lengthMs: profile.rampMs, ratePerSecond: (baseline + peak) / 2, condition: '' };
    case 'peak':
      return { lengthMs: hasFault ? profile.peakMs : peakHeldMs(profile), ratePerSecond: peak, condition: '' };
    case 'fault':
      return {
        lengthMs: hasFault ? half : 0,
        ratePerSecond: peak,
        condition: ` if the shop recovers ${half / 1000} s after the fault`,
      };
    case 'recovered':
      if (!hasFault) return { lengthMs: calmMs(profile), ratePerSecond: baseline, condition: '' };
      return {
        lengthMs: half,
        ratePerSecond: peak,
        condition: ` if the shop recovers within ${half / 1000} s of the fault`,
      };
  }
}

/** What each latency objective's phase will yield, and whether that suffices to judge it. */
export function plannedSamples(
  profile: Profile,
  objectives: Objectives,
  hasFault: boolean,
  checkoutShare?: number,
): PlannedSamples[] {
  return objectives.latency.flatMap(({ path, limitMs, phases }) =>
    phases.map((phase) =>
      plannedFor(phaseLoad(profile, phase, hasFault), shareOf(path, checkoutShare), { path, phase, limitMs }),
    ),
  );
}

function plannedFor(
  { lengthMs, ratePerSecond, condition }: PhaseLoad,
  share: number,
  { path, phase, limitMs }: Pick<PlannedSamples, 'path' | 'phase' | 'limitMs'>,
): PlannedSamples {
  const expected = Math.floor((lengthMs / 1000) * ratePerSecond * share);
  const judged = expected >= fewestForP99 * margin;
  const reason = judged
    ? `about ${expected} calls${condition}${oneBadPasses(expected, ratePerSecond * share) ? '' : ', so few that a single bad one leaves it open'}`
    : `about ${expected} calls are too few to judge a p99 (${fewestForP99} at the least): reported only`;
  return { path, phase, limitMs, expected, judged, reason };
}

/**
 * Whether a phase can pass with a bad call. Slow calls come in spells, so that fewer calls count then; how long the spells
 * are shows only in the run, which may turn out inconclusive for them where the calls would suffice.
 */
function oneBadPasses(expected: number, callsPerSecond: number): boolean {
  const each = leastDesignEffect(callsPerSecond);
  return expected / each >= fewestForP99 + (fewestWithOneBad - fewestForP99) / each;
}
