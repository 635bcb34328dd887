import type { Drill } from '../model/drill.ts';
import type { Hit } from '../model/fault.ts';
import type { Plan } from '../model/plan.ts';
import { recoveredAfterMs } from '../model/plan.ts';
import { type LatencyPath, pathsTaken, shareOf } from '../model/profile.ts';
import type { Creation, Inventory, Target } from '../model/target.ts';
import { pickedFault, rightsOf, type TargetRights } from '../plan/pick-way.ts';
import { stepsOf } from '../plan/schedule.ts';
import { burnedRatio } from '../verdict/judge-error-budget.ts';

/** What a drill does to a platform, for whoever decides whether it may be run. */
interface Touches {
  hits: Hit[];
  /** How it is taken back, in words; empty: nothing is changed. */
  undo: readonly string[];
  /** What one has to be allowed to do for it. */
  rights: readonly string[];
}

/** The same, and when: plain data for a person who decides, or for a pipeline. */
export interface Footprint extends Touches {
  /** What is made for it, in words; `<run>` stands for the run's id. */
  creates: readonly string[];
  /** Of each promise's error budget, if it is down for as long as it may be. */
  burn: { path: LatencyPath; atMostRatio: number }[];
  timeline: { atMs: number; what: string }[];
}

const nothing: Touches = { hits: [], undo: [], rights: [] };

/** What of a target its drills change, and need for it. */
type Drilled = TargetRights & Pick<Target, 'creates' | 'rights'>;

export function footprintOf(drill: Drill, plan: Plan, inventory: Inventory, target: Drilled): Footprint {
  const { hits, undo, rights } = touchesOf(drill, plan, inventory, target);
  const created = createdFor(plan, target);
  return {
    hits,
    creates: created.map(({ what }) => what),
    undo: [...undo, ...created.map((one) => one.undo)],
    rights: [...rights, ...(target.rights ?? [])],
    burn:
      drill.fault === null
        ? []
        : pathsTaken(plan.checkoutShare).map((path) => ({ path, atMostRatio: worstBurn(plan, path) })),
    timeline: timelineOf(plan),
  };
}

function touchesOf({ fault }: Drill, plan: Plan, inventory: Inventory, target: TargetRights): Touches {
  const picked = pickedFault(fault, plan);
  if (fault === null || picked === null) return nothing;
  return { hits: fault.hits(inventory), undo: [picked.way.undo], rights: rightsOf(picked, target, plan.without) };
}

function createdFor({ loadFrom, sentinel }: Plan, { creates }: Drilled): Creation[] {
  if (creates === undefined) return [];
  return [
    ...creates.always,
    ...(loadFrom === 'cluster' && creates.load ? [creates.load] : []),
    ...(sentinel && creates.sentinel ? [creates.sentinel] : []),
  ];
}

/** A whole outage of the longest recovery objective, at peak: more breaks the promise of recovery itself. */
function worstBurn(plan: Plan, path: LatencyPath): number {
  const lost = (recoveredAfterMs(plan) / 1_000) * plan.peakRatePerSecond * shareOf(path, plan.checkoutShare);
  return burnedRatio(plan, path, lost);
}

/** From the start of the load; that of the platform, and of the steady state, comes before. */
function timelineOf(plan: Plan): Footprint['timeline'] {
  if (plan.profile.steps)
    return [
      ...stepsOf(plan.profile).map(({ fromMs, ratePerSecond }) => ({
        atMs: fromMs,
        what: `${ratePerSecond} requests/s`,
      })),
      { atMs: plan.loadDurationMs, what: 'the load ends, if nothing gave way before' },
    ];
  const { baselineMs, rampMs, peakMs, afterFaultMs } = plan.profile;
  const dueMs = baselineMs + rampMs + peakMs;
  const lastsMs = plan.fault?.lastsMs;
  const recoveredMs = dueMs + recoveredAfterMs(plan);
  return [
    { atMs: 0, what: `baseline, ${plan.profile.baselineRatePerSecond} requests/s` },
    { atMs: baselineMs, what: `up to ${plan.peakRatePerSecond} requests/s` },
    { atMs: baselineMs + rampMs, what: 'peak' },
    ...(plan.fault
      ? [
          { atMs: dueMs, what: `${plan.fault.kind} is injected, if the peak is proven and holds` },
          ...(lastsMs ? [{ atMs: dueMs + lastsMs, what: 'the fault itself is over' }] : []),
          { atMs: recoveredMs, what: 'the shop must have recovered' },
          { atMs: dueMs + afterFaultMs, what: 'the load ends, and the fault is undone if it is not over' },
        ]
      : [{ atMs: dueMs + afterFaultMs, what: 'the load ends' }]),
  ].sort((a, b) => a.atMs - b.atMs);
}
