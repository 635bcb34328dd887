import type { Observation } from '../model/evidence.ts';
import type { Phase } from '../model/objectives.ts';
import { errorOfLook, holdsOn, type Plan } from '../model/plan.ts';
import { ofKind } from './observations.ts';

/** One-sided error of the judgement of a phase, by how often the drill held it on to look again. */
export function errorOf(plan: Plan, phase: Phase, observations: Observation[]): number {
  if (!holdsOn(plan, phase)) return errorOfLook(0, 0);
  const again = ofKind(observations, 'held-on').filter((one) => one.phase === phase).length;
  return errorOfLook(again, plan.profile.holdOnTimes ?? 0);
}
