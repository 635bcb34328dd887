import type { Observation } from '../model/evidence.ts';
import type { Phase } from '../model/objectives.ts';
import { errorOfLook, heldOnMs, holdsOn, type Plan } from '../model/plan.ts';
import { ofKind } from './observations.ts';

/**
 * One-sided error of a phase's judgement, by how often the drill held the phase on to look again: as often as it says, and at
 * least as often as the phase's length shows.
 */
export function errorOf(plan: Plan, phase: Phase, observations: Observation[], lengthMs: number): number {
  if (!holdsOn(plan, phase)) return errorOfLook(0, 0);
  const told = ofKind(observations, 'held-on').filter((one) => one.phase === phase).length;
  const plannedMs = heldOnMs(plan, phase);
  const shown = plannedMs > 0 ? Math.floor(lengthMs / plannedMs) - 1 : 0;
  return errorOfLook(Math.max(told, shown), plan.profile.holdOnTimes ?? 0);
}
