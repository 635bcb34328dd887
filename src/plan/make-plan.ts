import { type Capability, capabilities } from '../model/capabilities.ts';
import type { Drill } from '../model/drill.ts';
import { invalid } from '../model/errors.ts';
import type { Fault, Way } from '../model/fault.ts';
import { type LoadSpec, patience, session } from '../model/load-spec.ts';
import { type Objectives, objectivesOn, type Phase } from '../model/objectives.ts';
import {
  type Plan,
  type PlannedSamples,
  type PlannedScale,
  recoveredAfterMs,
  type SentinelWish,
} from '../model/plan.ts';
import { loadDurationMs, type Profile, peakRatePerSecond, trafficMix } from '../model/profile.ts';
import { wallMsOf } from '../model/span.ts';
import type { StopCondition } from '../model/stop.ts';
import type { Inventory, Target } from '../model/target.ts';
import { contradictions } from './contradictions.ts';
import { pickWay, unknownWay } from './pick-way.ts';
import { workersOf } from './runners.ts';
import { phaseLoad, plannedSamples, type Shape } from './samples.ts';
import { atScale } from './scale.ts';
import { scheduleOf } from './schedule.ts';
import { plannedSentinel, unknownZone } from './sentinel.ts';

export interface PlanOptions {
  /** Protections of the platform that are switched off. */
  without: string[];
  /** What the target says that it is made of. */
  inventory: Inventory;
  /** Processes, or pods, that share the load; left out: one process, or as many pods as the peak needs. */
  loadWorkers?: number;
  /** Where k6 runs; left out: on this machine. */
  loadFrom?: 'cluster' | undefined;
  /** A pod for the sentinel; left out: it runs on this machine. */
  sentinel?: SentinelWish | undefined;
  /** Left out: the traffic is as the profile says. */
  scale?: PlannedScale | undefined;
  /** When the drill is ended before its time. */
  stopWhen?: StopCondition[] | undefined;
  /** How the fault is done; left out: by the first way that the target allows. */
  way?: string | undefined;
  /** Why it may be run on production. */
  productionReason?: string | undefined;
}

/**
 * What a run of this drill will do on this target. Pure.
 * @throws TenfoldError (invalid) with everything that keeps the drill from being run there.
 */
export function makePlan(
  drill: Drill,
  asked: Profile,
  target: Target,
  {
    without,
    inventory,
    loadWorkers,
    loadFrom,
    sentinel,
    scale,
    stopWhen = [],
    way: askedWay,
    productionReason,
  }: PlanOptions,
): Plan {
  const { timeScale = 1 } = target;
  const way = drill.fault && pickWay(drill.fault, target, askedWay);
  const fault = drill.fault && way && plannedFault(drill.fault, way, timeScale);
  const objectives = objectivesOn(drill.objectives, target);
  const unscaled = { profile: stretched(asked, drill, objectives, timeScale), objectives, fault };
  const profile = scale ? lengthened(unscaled, scale, target.checkoutShare) : unscaled.profile;
  const { afterFaultMs } = profile;
  const problems = [
    ...unknownWay(drill.fault, askedWay),
    ...missingCapabilities({ objectives, way, without, loadFrom, sentinel }, target),
    ...unknownProtections(target, without),
    ...unknownZone(sentinel, inventory),
    ...(drill.fault?.problems(inventory) ?? []),
    ...contradictions(drill.fault?.effects ?? [], inventory, { afterFaultMs, timeScale }),
  ];
  if (problems.length > 0)
    throw invalid(
      problems,
      `${drill.name} was not started; ${target.wayOut ?? 'docs/ARCHITECTURE.md says what each target can do'}`,
    );
  return {
    drill: drill.name,
    title: drill.title,
    target: target.name,
    profile,
    fault,
    without,
    objectives,
    peakRatePerSecond: peakRatePerSecond(profile),
    ...(target.checkoutShare !== undefined && { checkoutShare: target.checkoutShare }),
    ...(!target.capabilities.has('order-readback') && { readsOrders: false }),
    ...(fault !== null && target.capabilities.has('replica-probes') && { probesReplicas: true }),
    ...workersOf(peakRatePerSecond(profile), loadWorkers, loadFrom),
    ...(sentinel && { sentinel: plannedSentinel(sentinel, drill.fault, inventory) }),
    ...(scale && { scale }),
    ...(stopWhen.length > 0 && { stopWhen }),
    ...(productionReason !== undefined && { productionReason }),
    ...(drill.runbook && { runbook: drill.runbook }),
    loadDurationMs: loadDurationMs(profile),
    samples: plannedSamples({ profile, objectives, fault }, target.checkoutShare),
  };
}

/**
 * The profile, stretched to the times that the drill needs at least: its own, and, where the profile is to judge the time
 * after recovery, the longest recovery objective plus that time.
 */
function stretched(
  profile: Profile,
  { minPeakMs = 0, minAfterFaultMs = 0, fault }: Drill,
  objectives: Objectives,
  timeScale: number,
): Profile {
  const recoveredMs =
    fault && profile.recoveredMs !== undefined ? recoveredAfterMs({ profile, objectives }) + profile.recoveredMs : 0;
  return {
    ...profile,
    peakMs: Math.max(profile.peakMs, wallMsOf(minPeakMs, timeScale)),
    afterFaultMs: Math.max(profile.afterFaultMs, wallMsOf(minAfterFaultMs, timeScale), recoveredMs),
  };
}

/**
 * The profile at a scale, with phases so much longer that a promise that is judged at the profile's own traffic is judged at this
 * one too, with calls enough for the first look.
 */
function lengthened(plan: Shape, { divisor }: PlannedScale, checkoutShare?: number): Profile {
  const profile = atScale(plan.profile, divisor);
  const scaled = plannedSamples({ ...plan, profile }, checkoutShare);
  const stretchOf = (phase: Phase): number =>
    plannedSamples(plan, checkoutShare).reduce((most, own, index) => {
      const { expected } = scaled[index] as PlannedSamples;
      return own.phase === phase && own.judged ? Math.max(most, Math.min(own.expected, callsWanted) / expected) : most;
    }, 1);
  const lengthMs = (phase: Phase, afterFaultMs = profile.afterFaultMs): number =>
    phaseLoad({ ...plan, profile: { ...profile, afterFaultMs } }, phase).lengthMs;
  const recoveredMs = lengthMs('recovered');
  // Of what is added to the time after the fault, the recovered phase gets a share.
  const share = (lengthMs('recovered', profile.afterFaultMs + 1_000) - recoveredMs) / 1_000;
  const addedMs = recoveredMs > 0 ? (recoveredMs * (stretchOf('recovered') - 1)) / share : 0;
  return {
    ...profile,
    baselineMs: Math.round(profile.baselineMs * stretchOf('baseline')),
    peakMs: Math.round(profile.peakMs + lengthMs('peak') * (stretchOf('peak') - 1)),
    afterFaultMs: Math.round(profile.afterFaultMs + addedMs),
  };
}

/** So many good calls keep a p99 at the first look, also where others took some seconds of the host: ln 0.015 / ln 0.99. */
const callsWanted = 420;

/** With how long it goes on by itself, where all of it says so. */
function plannedFault({ kind, summary, effects }: Fault, way: Way, timeScale: number): NonNullable<Plan['fault']> {
  const ends = effects.flatMap(({ startsAfterMs, lasts }) =>
    lasts === undefined ? [] : [startsAfterMs + wallMsOf(lasts, timeScale)],
  );
  const isKnown = ends.length > 0 && ends.length === effects.length;
  return {
    kind,
    summary,
    way: way.name,
    ...(way.leaves && { leaves: way.leaves }),
    ...(isKnown && { lastsMs: Math.max(...ends) }),
  };
}

interface Needs extends Pick<PlanOptions, 'without' | 'loadFrom' | 'sentinel'> {
  objectives: Objectives;
  way: Way | null;
}

/** The capabilities that a drill needs and a target lacks, in words. */
export const lacking = ({ objectives, fault }: Drill, target: Target): string[] =>
  missingCapabilities(
    {
      objectives: objectivesOn(objectives, target),
      way: fault && pickWay(fault, target),
      without: [],
    },
    target,
  );

function missingCapabilities({ objectives, way, without, loadFrom, sentinel }: Needs, target: Target): string[] {
  const needed = new Set([...(way?.requires ?? []), ...neededToJudge(objectives)]);
  if (without.length > 0) needed.add('protection-switches');
  if (loadFrom === 'cluster') needed.add('cluster-load');
  if (sentinel) needed.add('cluster-sentinel');
  return [...needed]
    .filter((capability) => !target.capabilities.has(capability))
    .map((capability) => `the target ${target.name} lacks ${capability}: ${capabilities[capability].what}`);
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
    .map((name) => `${name} is not a protection of ${target.name}; known: ${target.protections.join(', ')}`);
}

/** A shop of which nothing but its share of buying is known has one kind of page. */
const mixOf = (checkout: number | undefined): LoadSpec['mix'] =>
  checkout === undefined ? trafficMix : { list: 0, product: 1 - checkout, search: 0, cart: 0, checkout };

/** How long a page may hold a VU at the worst: all of a shopper's patience, and some time to give up. */
const browseHoldMs = 1.1 * patience.pageMs;
const buyHoldMs = 20_000;

/** What the traffic script is told: the schedule, and VUs enough that an outage does not make k6 drop iterations. */
export function loadSpec(
  plan: Plan,
  shop: Pick<LoadSpec, 'runId' | 'baseUrl' | 'tenants' | 'family' | 'looks' | 'requests'>,
): LoadSpec {
  const { profile, peakRatePerSecond: peak } = plan;
  const mix = mixOf(plan.checkoutShare);
  return {
    ...shop,
    seed: 20_241_129,
    products: 10_000,
    baselineRatePerSecond: profile.baselineRatePerSecond,
    peakRatePerSecond: peak,
    mix,
    stages: scheduleOf(plan).stages,
    ...virtualUsersOf(profile, plan.checkoutShare),
  };
}

/** How many virtual users browse and buy, all of which k6 has from the start. */
export function virtualUsersOf(profile: Profile, checkoutShare?: number): Vus {
  const [peak, mix] = [peakRatePerSecond(profile), mixOf(checkoutShare)];
  return profile.inSessions ? shoppersVus(peak, mix) : requestsVus(peak, mix);
}

/** Little's law: arrivals a second times how long each may hold its VU. */
function requestsVus(peak: number, { checkout }: LoadSpec['mix']): Vus {
  const buysPerSecond = peak * checkout;
  return {
    browseVus: Math.ceil(((peak - buysPerSecond) * browseHoldMs) / 1000),
    buyVus: Math.ceil((buysPerSecond * buyHoldMs) / 1000),
  };
}

/** The same of shoppers who think after each view, and buy in the same session. */
function shoppersVus(peak: number, { list, product, search }: LoadSpec['mix']): Vus {
  const viewsPerSecond = peak * (list + product + search);
  return { browseVus: Math.ceil(viewsPerSecond * session.meanThinkSeconds * shoppersMargin), buyVus: 0 };
}

type Vus = Pick<LoadSpec, 'browseVus' | 'buyVus'>;
/** Sessions differ in length, and an outage makes each longer by a shopper's patience. */
const shoppersMargin = 1.1;
