import type { Objectives, Phase } from './objectives.ts';
import type { LatencyPath, Profile } from './profile.ts';
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
    /** From the injection to the end of what the fault itself does, a notice included; 0: it is over at once. */
    lastsMs?: number;
  } | null;
  without: string[];
  objectives: Objectives;
  peakRatePerSecond: number;
  /** Share of the requests that buy; where it is left out, that of the shop under test. */
  checkoutShare?: number;
  /** false: orders cannot be read back, so that nothing is said of them. */
  readsOrders?: boolean;
  /** true: replicas are probed around the balancer, so that each is judged. */
  probesReplicas?: boolean;
  /** Processes that share the load; one, where it is left out. */
  loadWorkers?: number;
  /** Left out: the traffic is as the profile or the config of the target says. */
  scale?: PlannedScale;
  /** When the drill is ended before its time. */
  stopWhen?: StopCondition[];
  /** Why it was run on production; left out where it was not. */
  productionReason?: string;
  loadDurationMs: number;
  /** What each latency finding's phase will yield, and whether that is enough to judge it. */
  samples: PlannedSamples[];
}

/** The traffic as 1:n of the reference platform's, and why so. */
export interface PlannedScale {
  divisor: number;
  because: string;
}

/** What a result depends on of a plan: the scale, and not what the host took for an exchange when it was chosen. */
export const basisOf = (plan: Plan): unknown => ({ ...plan, scale: plan.scale?.divisor });

/** In words, for reports. */
export const scaleText = ({ divisor }: PlannedScale): string => `1:${divisor} of the reference platform's request rate`;

export interface PlannedSamples {
  path: LatencyPath;
  phase: Phase;
  limitMs: number;
  expected: number;
  /** False: too few calls to keep the promise by; they may still be enough to break it. The reason says so. */
  judged: boolean;
  reason: string;
}

/**
 * From the injection until the shop has promised to be well again, so that its latency is judged: the longest of its
 * recovery objectives; half of what is left of the load where it promises no recovery. Fixed before the run, so that a
 * longer outage cannot take its own slow calls out of what is judged.
 */
export function recoveredAfterMs({ objectives, profile }: Pick<Plan, 'objectives' | 'profile'>): number {
  const probed = objectives.recovery.filter(({ path }) => path !== 'pods' && path !== 'nodes');
  if (probed.length === 0) return profile.afterFaultMs / 2;
  return Math.max(...probed.map(({ objectiveMs }) => objectiveMs));
}

/**
 * Whether a phase is held on where its promises are still undecided: those at peak rate of a drill with a fault, which
 * the schedule of k6 leaves open at their end.
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
 * Where others took seconds of a phase, a promise is kept if all of its calls keep it (others only make calls slower), or if
 * those of the other seconds do: two tries, each with half of the error.
 */
export const errorOfEachTry = (error: number, robbedSeconds: number): number => (robbedSeconds > 0 ? error / 2 : error);

/** The latency promises are 99th percentiles: less than this share of calls may be bad. */
export const allowedBadShare = 0.01;

/** One-sided error of every judgement of a promise that is not exact. */
export const error = 0.05;
/** Of a phase that may be held on: most of it is spent at the first look, the rest shared out. */
const firstLook = 0.03;

/**
 * The error at a look, from 0, of a phase that may be held on so many times. A judgement that may be made again and again
 * until it says something is wrong more often than each by itself; the errors of all looks add up to `error`, and by
 * Boole's inequality the chance that any of them is wrong is no larger (an alpha-spending function after Lan & DeMets,
 * "Discrete sequential boundaries for clinical trials", 1983, with fixed parts).
 */
export function errorOfLook(look: number, holdOnTimes: number): number {
  if (holdOnTimes === 0) return error;
  return look === 0 ? firstLook : (error - firstLook) / holdOnTimes;
}
