import type { Drill } from '../model/drill.ts';
import { invalid } from '../model/errors.ts';
import type { Fault } from '../model/fault.ts';
import { type LoadSpec, patience } from '../model/load-spec.ts';
import type { Objectives } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { loadDurationMs, type Profile, peakRatePerSecond, trafficMix } from '../model/profile.ts';
import { type Capability, capabilities, type Inventory, type Target } from '../model/target.ts';
import { contradictions } from './contradictions.ts';
import { plannedSamples } from './samples.ts';
import { scheduleOf } from './schedule.ts';

/**
 * What a run of this drill will do on this target. Pure.
 * @param inventory what the target says that it is made of.
 * @throws TenfoldError (invalid) with everything that keeps the drill from being run there.
 */
export function makePlan(drill: Drill, asked: Profile, target: Target, without: string[], inventory: Inventory): Plan {
  const profile = stretched(asked, drill);
  const problems = [
    ...missingCapabilities(drill, target, without),
    ...unknownProtections(target, without),
    ...(drill.fault?.problems(inventory, profile) ?? []),
    ...contradictions(drill.fault?.effects ?? [], inventory, profile.afterFaultMs),
  ];
  if (problems.length > 0)
    throw invalid(problems, `${drill.name} was not started; targets and what they can do: docs/ARCHITECTURE.md`);
  return {
    drill: drill.name,
    title: drill.title,
    target: target.name,
    profile,
    fault: drill.fault && plannedFault(drill.fault),
    without,
    objectives: drill.objectives,
    peakRatePerSecond: peakRatePerSecond(profile),
    loadDurationMs: loadDurationMs(profile),
    samples: plannedSamples(profile, drill.objectives, drill.fault !== null),
  };
}

/** The profile with the times that the drill needs at the least. */
const stretched = (profile: Profile, { minPeakMs = 0, minAfterFaultMs = 0 }: Drill): Profile => ({
  ...profile,
  peakMs: Math.max(profile.peakMs, minPeakMs),
  afterFaultMs: Math.max(profile.afterFaultMs, minAfterFaultMs),
});

const plannedFault = ({ kind, summary, effects }: Fault): NonNullable<Plan['fault']> => ({
  kind,
  summary,
  hangs: effects.some(({ zoneOut }) => zoneOut !== undefined),
});

function missingCapabilities(drill: Drill, target: Target, without: string[]): string[] {
  const needed = new Set([...(drill.fault?.requires ?? []), ...neededToJudge(drill.objectives)]);
  if (without.length > 0) needed.add('protection-switches');
  return [...needed]
    .filter((capability) => !target.capabilities.has(capability))
    .map((capability) => `the target ${target.name} lacks ${capability}: ${capabilities[capability]}`);
}

/** What a target has to show so that these objectives can be judged on it. */
function neededToJudge(objectives: Objectives): Capability[] {
  const { availability, untouched, restarts, autoscaling, recovery } = objectives;
  const ofCapacity = recovery.some(({ path }) => path === 'nodes' || path === 'pods');
  const needsInventory = ofCapacity || availability || untouched || restarts || autoscaling;
  return [...(needsInventory ? (['node-inventory'] as const) : []), ...(autoscaling ? (['autoscaling'] as const) : [])];
}

function unknownProtections(target: Target, without: string[]): string[] {
  if (target.protections.length === 0) return [];
  return without
    .filter((name) => !target.protections.includes(name))
    .map((name) => `${name} is not a protection of ${target.name}; there are ${target.protections.join(', ')}`);
}

/** How long a call may hold a VU on average at the worst: where calls hang, all of a shopper's patience. */
const browseHoldMs = { fails: 1_200, hangs: patience.callMs };
const buyHoldMs = 20_000;

/** What the traffic script is told: the schedule, and VUs enough that an outage does not make k6 drop iterations. */
export function loadSpec(plan: Plan, shop: { runId: string; baseUrl: string; tenants: string[] }): LoadSpec {
  const { profile, peakRatePerSecond: peak } = plan;
  const buysPerSecond = peak * trafficMix.checkout;
  const browseMs = plan.fault?.hangs ? browseHoldMs.hangs : browseHoldMs.fails;
  return {
    ...shop,
    seed: 20_241_129,
    products: 10_000,
    baselineRatePerSecond: profile.baselineRatePerSecond,
    peakRatePerSecond: peak,
    mix: trafficMix,
    stages: scheduleOf(profile, plan.fault !== null).stages,
    // Little's law: arrivals a second times how long each may hold its VU.
    browseVus: Math.ceil(((peak - buysPerSecond) * browseMs) / 1000),
    buyVus: Math.ceil((buysPerSecond * buyHoldMs) / 1000),
  };
}
