import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { LatencyPath } from '../model/profile.ts';

/** The limit that a path promises in a phase, or, where the phase has no promise of its own, its tightest one; null without any. */
export function limitOf(plan: Plan, path: LatencyPath, phase: Phase | null = null): number | null {
  const promises = plan.objectives.latency.filter((promise) => promise.path === path);
  const ofPhase = promises.filter((promise) => phase !== null && promise.phases.includes(phase));
  const limits = (ofPhase.length > 0 ? ofPhase : promises).map(({ limitMs }) => limitMs);
  return limits.length === 0 ? null : Math.min(...limits);
}
