import type { LoadSpec } from '../model/load-spec.ts';
import { heldOnMs, holdsOn, type Plan } from '../model/plan.ts';
import { type Profile, peakRatePerSecond } from '../model/profile.ts';

/** Share of the time after the fault that a drill without a fault adds to its hold at peak; in the rest it goes back. */
const heldShare = 0.55;

/**
 * The first of the load is nobody's baseline: k6 has just built its virtual users on all cores, and each call opens a
 * connection.
 */
export const settlingMs = 1_000;

export type ScheduleMark = 'baseline-start' | 'ramp-start' | 'peak-start' | 'back-start';

/** The load over time, and when its marks fall, from its start. */
export interface Schedule {
  stages: LoadSpec['stages'];
  marks: { mark: ScheduleMark; afterMs: number }[];
  /** When the fault is due, or would be. */
  faultDueAfterMs: number;
}

/** What of a plan its schedule follows from. */
export type Scheduled = Pick<Plan, 'profile' | 'fault' | 'objectives'>;

/** A rate that is held, from the start of the load. */
export interface PlannedStep {
  /** Of the baseline's rate. */
  factor: number;
  ratePerSecond: number;
  fromMs: number;
  toMs: number;
}

/** The steps of a profile that has several: the baseline is the first. */
export function stepsOf({ steps = [], baselineRatePerSecond, baselineMs, rampMs, peakMs }: Profile): PlannedStep[] {
  const first = { factor: 1, ratePerSecond: baselineRatePerSecond, fromMs: settlingMs, toMs: baselineMs };
  const others = steps.map((factor, index) => {
    const toMs = baselineMs + (index + 1) * (rampMs + peakMs);
    return { factor, ratePerSecond: factor * baselineRatePerSecond, fromMs: toMs - peakMs, toMs };
  });
  return [first, ...others];
}

/** How long the peak lasts in a drill without a fault. */
export const peakHeldMs = (profile: Profile): number => profile.peakMs + Math.round(profile.afterFaultMs * heldShare);

/** How long the baseline lasts after the way back from the peak, in a drill without a fault. */
export const calmMs = (profile: Profile): number =>
  Math.max(0, profile.peakMs + profile.afterFaultMs - peakHeldMs(profile) - profile.rampMs);

/** What k6 goes on to send after the end of a load that the drill ends, so that no call of the load is cut off. */
export const drainMs = 2_000;

/** How long the load's schedule takes, held on as often as allowed. */
export const longestMs = (plan: Scheduled): number =>
  scheduleOf(plan).stages.reduce((sum, { durationMs }) => sum + durationMs, 0);

/** How much longer than planned the load of a plan may last; k6 has to know it beforehand. */
function spareMs(plan: Scheduled): number {
  if (!holdsOn(plan, 'peak')) return 0;
  return (
    (plan.profile.holdOnTimes ?? 0) * (heldOnMs(plan, 'peak') + heldOnMs(plan, 'recovered')) + spareForLooksMs + drainMs
  );
}
/** The injection comes some moments after it is due. */
const spareForLooksMs = 10_000;

/**
 * With a fault the peak is held to the end, which the drill decides where phases may be held on; without one the load goes
 * back to the baseline as fast as it came.
 */
export function scheduleOf(plan: Scheduled): Schedule {
  const { profile } = plan;
  if (profile.steps) return inSteps(profile);
  const { baselineMs, rampMs, baselineRatePerSecond: baseline } = profile;
  const peak = peakRatePerSecond(profile);
  const peakStartMs = baselineMs + rampMs;
  const up = [
    { durationMs: baselineMs, ratePerSecond: baseline },
    { durationMs: rampMs, ratePerSecond: peak },
  ];
  const marks: Schedule['marks'] = [
    { mark: 'baseline-start', afterMs: settlingMs },
    { mark: 'ramp-start', afterMs: baselineMs },
    { mark: 'peak-start', afterMs: peakStartMs },
  ];
  const faultDueAfterMs = peakStartMs + profile.peakMs;
  if (plan.fault !== null) {
    const held = { durationMs: profile.peakMs + profile.afterFaultMs + spareMs(plan), ratePerSecond: peak };
    return { stages: [...up, held], marks, faultDueAfterMs };
  }
  const stages = [
    ...up,
    { durationMs: peakHeldMs(profile), ratePerSecond: peak },
    { durationMs: Math.min(rampMs, profile.afterFaultMs), ratePerSecond: baseline },
    { durationMs: calmMs(profile), ratePerSecond: baseline },
  ];
  marks.push({ mark: 'back-start', afterMs: peakStartMs + peakHeldMs(profile) });
  return { stages, marks, faultDueAfterMs };
}

/** Up from step to step; the highest is the peak. */
function inSteps(profile: Profile): Schedule {
  const [first, ...others] = stepsOf(profile);
  const last = others.at(-1) ?? first;
  return {
    stages: [
      { durationMs: profile.baselineMs, ratePerSecond: profile.baselineRatePerSecond },
      ...others.flatMap(({ ratePerSecond }) => [
        { durationMs: profile.rampMs, ratePerSecond },
        { durationMs: profile.peakMs, ratePerSecond },
      ]),
    ],
    marks: [
      { mark: 'baseline-start', afterMs: settlingMs },
      { mark: 'ramp-start', afterMs: profile.baselineMs },
      { mark: 'peak-start', afterMs: last?.fromMs ?? profile.baselineMs },
    ],
    faultDueAfterMs: last?.toMs ?? profile.baselineMs,
  };
}
