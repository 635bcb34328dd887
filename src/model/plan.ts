import type { Objectives, Phase } from './objectives.ts';
import type { LatencyPath, Profile } from './profile.ts';

/** What a run will do and what it will be able to say; plain data, written to plan.json. */
export interface Plan {
  drill: string;
  title: string;
  target: string;
  profile: Profile;
  /** null: nothing is injected. */
  fault: { kind: string; summary: string } | null;
  without: string[];
  objectives: Objectives;
  peakRatePerSecond: number;
  /** Share of the requests that buy; where it is left out, that of the shop under test. */
  checkoutShare?: number;
  /** false: orders cannot be read back, so that nothing is said of them. */
  readsOrders?: boolean;
  /** Processes that share the load; one, where it is left out. */
  loadWorkers?: number;
  loadDurationMs: number;
  /** What each latency finding's phase will yield, and whether that is enough to judge it. */
  samples: PlannedSamples[];
}

export interface PlannedSamples {
  path: LatencyPath;
  phase: Phase;
  limitMs: number;
  expected: number;
  /** False: reported with the reason, not judged. */
  judged: boolean;
  reason: string;
}
