import type { Objectives, Phase, RecoveryPath } from './objectives.ts';
import type { LatencyPath, Profile } from './profile.ts';
import type { Runbook } from './runbook.ts';
import type { StopCondition } from './stop.ts';

/** What a run will do and what it will be able to say; plain data, written to plan.json. */
export interface Plan {
  drill: string;
  title: string;
  target: string;
  profile: Profile;
  /** null: nothing is injected. */
  fault: {
    kind: string;
    summary: string;
    /** How it is done. */
    way?: string;
    /** From the injection to the end of what the fault itself does, including any notice; 0: it is over at once. */
    lastsMs?: number;
    /** What goes on all the time when it is done in this way, so that its recovery shows nothing. */
    leaves?: readonly RecoveryPath[];
  } | null;
  without: string[];
  objectives: Objectives;
  peakRatePerSecond: number;
  /** Share of the requests that buy; left out: that of the shop under test. */
  checkoutShare?: number;
  /** false: orders cannot be read back, so nothing is said about them. */
  readsOrders?: boolean;
  /** true: replicas are probed around the balancer, so each is judged. */
  probesReplicas?: boolean;
  /** Processes, or pods, that share the load; left out: one. */
  loadWorkers?: number;
  /** Where k6 runs; left out: on this machine. */
  loadFrom?: Exclude<LoadSource, 'here'>;
  /** Where the sentinel runs as a pod; left out: on this machine. */
  sentinel?: SentinelWish & {
    /** Why the fault may take it along, in words. */
    atRisk?: string;
  };
  /** Left out: the profile or the target's config sets the traffic. */
  scale?: PlannedScale;
  /** When the drill ends early. */
  stopWhen?: StopCondition[];
  /** Why it was run on production; left out where it was not. */
  productionReason?: string;
  /** What people do meanwhile. */
  runbook?: Runbook;
  loadDurationMs: number;
  /** What each latency finding's phase will yield, and whether that is enough to judge it. */
  samples: PlannedSamples[];
}

/** Where k6 may run: on this machine, or in pods of the platform's cluster. */
export const loadSources = ['here', 'cluster'] as const;
export type LoadSource = (typeof loadSources)[number];

/** A pod of the platform's cluster for the sentinel. */
export interface SentinelWish {
  /** null: whichever has room. */
  zone: string | null;
}

/** The traffic as 1:n of the reference platform's, and why. */
export interface PlannedScale {
  divisor: number;
  because: string;
}

/** The part of a plan that a result depends on: the scale, but not the measured exchange cost behind its choice, and no runbook. */
export const basisOf = ({ runbook: _, ...plan }: Plan): unknown => ({ ...plan, scale: plan.scale?.divisor });

/** In words, for reports. */
export const scaleText = ({ divisor }: PlannedScale): string => `1:${divisor} of the reference platform's request rate`;

export interface PlannedSamples {
  path: LatencyPath;
  phase: Phase;
  limitMs: number;
  expected: number;
  /** False: too few calls to show the promise kept, but maybe enough to show it broken. The reason says so. */
  judged: boolean;
  reason: string;
}

/**
 * From the injection until the shop has promised to be well again, so its latency is judged: its longest recovery
 * objective, or half of the remaining load where it promises no recovery. Fixed before the run, so a longer outage
 * cannot remove its own slow calls from what is judged.
 */
export function recoveredAfterMs({ objectives, profile }: Pick<Plan, 'objectives' | 'profile'>): number {
  const probed = objectives.recovery.filter(({ path }) => path !== 'pods' && path !== 'nodes');
  if (probed.length === 0) return profile.afterFaultMs / 2;
  return Math.max(...probed.map(({ objectiveMs }) => objectiveMs));
}

/**
 * Whether a phase is held on while its promises are undecided: in a drill with a fault, those at peak rate, whose end
 * k6's schedule leaves open.
 */
export const holdsOn = (
  { profile, fault }: Pick<Plan, 'profile' | 'fault'>,
  phase: Phase,
): phase is 'peak' | 'recovered' =>
  fault !== null && (profile.holdOnTimes ?? 0) > 0 && (phase === 'peak' || phase === 'recovered');

/** How long a phase is held on at a time: as long as it was planned. */
export const heldOnMs = (plan: Pick<Plan, 'profile' | 'fault' | 'objectives'>, phase: 'peak' | 'recovered'): number =>
  phase === 'peak' ? plan.profile.peakMs : Math.max(0, plan.profile.afterFaultMs - recoveredAfterMs(plan));

/**
 * Where others took seconds of a phase, a promise is kept if all calls of the phase keep it (others only make calls slower),
 * or if those in the remaining seconds do: two tries, each with half the error.
 */
export const errorOfEachTry = (error: number, robbedSeconds: number): number => (robbedSeconds > 0 ? error / 2 : error);

/** The latency promises are 99th percentiles: less than this share of calls may be bad. */
export const allowedBadShare = 0.01;

/** One-sided error of every judgement of a promise that is not exact. */
export const error = 0.05;
/** For a phase that may be held on: most of the error is spent at the first look, the later looks share the rest. */
const firstLook = 0.03;

/**
 * The error at a look, counted from 0, of a phase that may be held on this many times. A judgement that may be repeated
 * until it decides is wrong more often than each one by itself; the errors of all looks add up to `error`, and by Boole's
 * inequality the chance that any of them is wrong is no larger (an alpha-spending function after Lan & DeMets, "Discrete
 * sequential boundaries for clinical trials", 1983, with fixed parts).
 */
export function errorOfLook(look: number, holdOnTimes: number): number {
  if (holdOnTimes === 0) return error;
  return look === 0 ? firstLook : (error - firstLook) / holdOnTimes;
}
