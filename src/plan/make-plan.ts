import type { Drill } from '../model/drill.ts';
import { invalid } from '../model/errors.ts';
import type { LoadSpec } from '../model/load-spec.ts';
import type { Plan } from '../model/plan.ts';
import { loadDurationMs, type Profile, peakRatePerSecond, trafficMix } from '../model/profile.ts';
import { capabilities, type Target } from '../model/target.ts';
import { plannedSamples } from './samples.ts';

/**
 * What a run of this drill will do on this target. Pure.
 * @throws TenfoldError (invalid) with everything the target lacks.
 */
export function makePlan(drill: Drill, profile: Profile, target: Target, without: string[]): Plan {
  const problems = [...missingCapabilities(drill, target, without), ...unknownProtections(target, without)];
  if (problems.length > 0) throw invalid(problems, `targets and what they can do: docs/ARCHITECTURE.md`);
  return {
    drill: drill.name,
    title: drill.title,
    target: target.name,
    profile,
    fault: { kind: drill.fault.kind, summary: drill.fault.summary },
    without,
    objectives: drill.objectives,
    peakRatePerSecond: peakRatePerSecond(profile),
    loadDurationMs: loadDurationMs(profile),
    samples: plannedSamples(profile, drill.objectives),
  };
}

function missingCapabilities(drill: Drill, target: Target, without: string[]): string[] {
  const needed = new Set(drill.fault.requires);
  if (without.length > 0) needed.add('protection-switches');
  return [...needed]
    .filter((capability) => !target.capabilities.has(capability))
    .map((capability) => `the target ${target.name} lacks ${capability}: ${capabilities[capability]}`);
}

function unknownProtections(target: Target, without: string[]): string[] {
  if (target.protections.length === 0) return [];
  return without
    .filter((name) => !target.protections.includes(name))
    .map((name) => `${name} is not a protection of ${target.name}; there are ${target.protections.join(', ')}`);
}

/** Longest that one call may hold a VU: a shopper's patience. */
const browseHoldMs = 1_200;
const buyHoldMs = 20_000;

/** What the traffic script is told: the schedule, and VUs enough that an outage does not make k6 drop iterations. */
export function loadSpec(plan: Plan, shop: { runId: string; baseUrl: string; tenants: string[] }): LoadSpec {
  const { profile, peakRatePerSecond: peak } = plan;
  const buysPerSecond = peak * trafficMix.checkout;
  return {
    ...shop,
    seed: 20_241_129,
    products: 10_000,
    baselineRatePerSecond: profile.baselineRatePerSecond,
    peakRatePerSecond: peak,
    mix: trafficMix,
    stages: [
      { durationMs: profile.baselineMs, ratePerSecond: profile.baselineRatePerSecond },
      { durationMs: profile.rampMs, ratePerSecond: peak },
      { durationMs: profile.peakMs + profile.afterFaultMs, ratePerSecond: peak },
    ],
    // Little's law: arrivals a second times how long each may hold its VU.
    browseVus: Math.ceil(((peak - buysPerSecond) * browseHoldMs) / 1000),
    buyVus: Math.ceil((buysPerSecond * buyHoldMs) / 1000),
  };
}
