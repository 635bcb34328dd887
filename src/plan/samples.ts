import type { Phase } from '../model/objectives.ts';
import {
  allowedBadShare,
  errorOfLook,
  holdsOn,
  type Plan,
  type PlannedSamples,
  recoveredAfterMs,
} from '../model/plan.ts';
import { peakRatePerSecond, shareOf } from '../model/profile.ts';
import { fewestToPass } from '../statistics/share.ts';
import { calmMs, peakHeldMs, settlingMs } from './schedule.ts';

/** A phase planned to yield just enough would miss it half of the time. */
const margin = 1.1;

/** How long a phase is planned to last, and at what rate. */
interface PhaseLoad {
  lengthMs: number;
  ratePerSecond: number;
}

export type Shape = Pick<Plan, 'profile' | 'objectives' | 'fault'>;

export function phaseLoad(plan: Shape, phase: Phase): PhaseLoad {
  const { profile, fault } = plan;
  const baseline = profile.baselineRatePerSecond;
  const peak = peakRatePerSecond(profile);
  const faultMs = Math.min(recoveredAfterMs(plan), profile.afterFaultMs);
  switch (phase) {
    case 'baseline':
      return { lengthMs: profile.baselineMs - settlingMs, ratePerSecond: baseline };
    case 'ramp':
      return { lengthMs: profile.rampMs, ratePerSecond: (baseline + peak) / 2 };
    case 'peak':
      return { lengthMs: fault ? profile.peakMs : peakHeldMs(profile), ratePerSecond: peak };
    case 'fault':
      return { lengthMs: fault ? faultMs : 0, ratePerSecond: peak };
    case 'recovered':
      if (!fault) return { lengthMs: calmMs(profile), ratePerSecond: baseline };
      return { lengthMs: profile.afterFaultMs - faultMs, ratePerSecond: peak };
  }
}

/** What each latency objective's phase will yield, and whether that suffices to keep the promise by. */
export function plannedSamples(plan: Shape, checkoutShare?: number): PlannedSamples[] {
  return plan.objectives.latency.flatMap(({ path, limitMs, phases }) =>
    phases.map((phase) => plannedFor(plan, shareOf(path, checkoutShare), { path, phase, limitMs })),
  );
}

function plannedFor(
  plan: Shape,
  share: number,
  { path, phase, limitMs }: Pick<PlannedSamples, 'path' | 'phase' | 'limitMs'>,
): PlannedSamples {
  const { lengthMs, ratePerSecond } = phaseLoad(plan, phase);
  const perSecond = ratePerSecond * share;
  const expected = Math.floor((lengthMs / 1000) * perSecond);
  const error = errorOfLook(0, holdsOn(plan, phase) ? (plan.profile.holdOnTimes ?? 0) : 0);
  const fewest = (bad: number) => fewestToPass(allowedBadShare, error, bad, perSecond);
  const judged = expected >= fewest(0) * margin;
  return { path, phase, limitMs, expected, judged, reason: reasonOf(expected, judged, fewest, holdsOn(plan, phase)) };
}

function reasonOf(expected: number, judged: boolean, fewest: (bad: number) => number, holdsOn: boolean): string {
  if (!judged)
    return `about ${expected} calls are too few to show that a p99 is kept (at least ${fewest(0)} are needed); they can only show that it is broken`;
  if (expected >= fewest(1)) return `about ${expected} calls`;
  return `about ${expected} calls, so few that a single bad one ${holdsOn ? 'makes the drill look longer' : 'leaves it open'}`;
}
