import { limitOf } from '../analysis/limits.ts';
import { heldOnMs, type Plan, recoveredAfterMs } from '../model/plan.ts';
import { pathsTaken } from '../model/profile.ts';
import { scheduleOf, settlingMs } from '../plan/schedule.ts';
import type { Frame } from './events.ts';

/** What those who watch have to know of a plan. */
export function frameOf(plan: Plan): Frame {
  const { marks, faultDueAfterMs } = scheduleOf(plan);
  return {
    drill: plan.drill,
    title: plan.title,
    target: plan.target,
    profile: plan.profile.name,
    baselineRatePerSecond: plan.profile.baselineRatePerSecond,
    peakRatePerSecond: plan.peakRatePerSecond,
    limits: pathsTaken(plan.checkoutShare).map((path) => ({ path, limitMs: limitOf(plan, path) })),
    fault: plan.fault && { kind: plan.fault.kind, summary: plan.fault.summary },
    without: plan.without,
    runbook: plan.runbook ?? null,
    schedule: {
      marks,
      faultDueAfterMs,
      loadMs: plan.loadDurationMs,
      recoveredAfterMs: recoveredAfterMs(plan),
      afterFaultMs: plan.profile.afterFaultMs,
      heldOnMs: { peak: heldOnMs(plan, 'peak'), recovered: heldOnMs(plan, 'recovered') },
      settlingMs,
    },
  };
}
