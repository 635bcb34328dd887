import type { Observation } from '../model/evidence.ts';
import type { RecoveryFact, Timeline } from '../model/facts.ts';
import { type Phase, phases } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { markAt } from './observations.ts';
import { steadyMs } from './outage.ts';

/** The boundaries of the phases. */
export function timelineOf(
  observations: Observation[],
  plan: Plan,
  injectedAtMs: number | null,
  recovery: RecoveryFact[],
): Timeline {
  const peakStartMs = markAt(observations, 'peak-start');
  const withFault = {
    disturbedAtMs: injectedAtMs,
    recoveredAtMs: injectedAtMs === null ? null : recoveredAt(injectedAtMs, recovery),
  };
  const withoutFault = { disturbedAtMs: peakStartMs, recoveredAtMs: markAt(observations, 'back-start') };
  return {
    baselineStartMs: markAt(observations, 'baseline-start'),
    rampStartMs: markAt(observations, 'ramp-start'),
    peakStartMs,
    injectedAtMs,
    ...(plan.fault === null ? withoutFault : withFault),
    loadEndMs: markAt(observations, 'load-end'),
  };
}

/** Steady again: recovered, and the seconds over that make it certain. What came before is still the fault's. */
function recoveredAt(injectedAtMs: number, recovery: RecoveryFact[]): number | null {
  const shop = recovery.find(({ path }) => path === 'shop');
  if (!shop?.recovered || shop.serviceRestoredMs === null || shop.performanceRestoredMs === null) return null;
  return injectedAtMs + Math.max(shop.serviceRestoredMs, shop.performanceRestoredMs) + steadyMs;
}

/**
 * Where each phase starts, latest first: an instant belongs to the first phase that has started by then. The last phase
 * has no end, so that a retry sent after the schedule's end still counts. A phase without a start holds nothing.
 */
export function phaseStarts(timeline: Timeline): { phase: Phase; startMs: number }[] {
  const starts: [Phase, number | null][] = [
    ['recovered', timeline.recoveredAtMs],
    ['fault', timeline.injectedAtMs],
    ['peak', timeline.peakStartMs],
    ['ramp', timeline.rampStartMs],
    ['baseline', timeline.baselineStartMs],
  ];
  return starts.flatMap(([phase, startMs]) => (startMs === null ? [] : [{ phase, startMs }]));
}

export const phaseAt = (timeline: Timeline, atMs: number): Phase | null =>
  phaseStarts(timeline).find(({ startMs }) => startMs <= atMs)?.phase ?? null;

/** The phases that a plan has. */
export const phasesOf = (plan: Plan): Phase[] => phases.filter((phase) => phase !== 'fault' || plan.fault !== null);
