import type { Phase, RecoveryPath } from './objectives.ts';
import type { LatencyPath } from './profile.ts';
import type { Environment, RunStatus } from './verdict.ts';

/** Everything measured in a run, from its evidence alone; no judgement. Instants are epoch milliseconds. */
export interface Facts {
  run: {
    drill: string;
    runId: string;
    target: string;
    command: string;
    status: RunStatus;
    reason: string | null;
    startedAtMs: number;
    finishedAtMs: number | null;
    environment: Environment;
  };
  timeline: Timeline;
  load: {
    baselineRatePerSecond: number | null;
    /** Requests started a second over the peak phase. */
    peakRatePerSecond: number | null;
    peakProvenAtMs: number | null;
    /** Iterations k6 could not start for want of a free VU; null when k6 left no evidence. */
    dropped: number | null;
    generator: {
      name: string;
      version: string;
      exitCode: number | null;
      maxVus: number | null;
      availableVus: number | null;
    };
  };
  fault: {
    kind: string;
    injectedAtMs: number | null;
    provenAtMs: number | null;
    revertedAtMs: number | null;
    proof: string | null;
  } | null;
  latency: LatencyFact[];
  recovery: RecoveryFact[];
  orders: OrderFacts | null;
  /** Calls of the load, good and bad (failed, or over the path's limit), over the whole run. */
  events: { good: number; bad: number } | null;
  host: HostFacts;
  /** One point a second, for the report's time axis. */
  series: SeriesPoint[];
  platformEvents: { atMs: number; source: string; message: string }[];
  /** Anything that stops a measurement from being trusted or made, in words. */
  problems: { about: 'load' | 'latency' | 'recovery' | 'orders' | 'host' | 'evidence'; message: string }[];
}

/** Phase boundaries. A null ends what is known: later phases hold no requests. */
export interface Timeline {
  baselineStartMs: number | null;
  rampStartMs: number | null;
  peakStartMs: number | null;
  injectedAtMs: number | null;
  /** The shop is steady again: its recovery, and the three good seconds that make it certain. Starts the recovered phase. */
  recoveredAtMs: number | null;
  loadEndMs: number | null;
}

export interface LatencyFact {
  path: LatencyPath;
  phase: Phase;
  count: number;
  failed: number;
  /** Failed, or slower than limitMs. */
  bad: number;
  limitMs: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  p999Ms: number | null;
  p99LowMs: number | null;
  p99HighMs: number | null;
}

export interface RecoveryFact {
  path: RecoveryPath;
  /** False when no probe failed after the injection. */
  outage: boolean;
  /** False when the service was not restored while the load was on. */
  recovered: boolean;
  outageStartMs: number | null;
  outageEndMs: number | null;
  uncertaintyMs: number;
  badMs: number;
  flaps: number;
  /** From the injection. */
  serviceRestoredMs: number | null;
  performanceRestoredMs: number | null;
  /** From the injection to the end of observation: the lower bound when it did not recover. */
  observedMs: number;
  phases: { name: string; startMs: number; endMs: number }[];
  replicas: { replica: string; zone: string; actualMs: number | null }[];
  probes: number;
}

export interface OrderFacts {
  attempted: number;
  acknowledged: number;
  persisted: number;
  lost: number;
  duplicated: number;
  indeterminate: number;
  recovered: number;
  unexpected: number;
  /** Keys of lost and duplicated orders, at most 20 each, to look them up. */
  lostKeys: string[];
  duplicatedKeys: string[];
}

export interface HostFacts {
  cpuCount: number | null;
  /** Share of time some task waited for a CPU over the judged phases (Linux PSI "some"); null elsewhere. */
  cpuPressureRatio: number | null;
  stealRatio: number | null;
  busyRatio: number | null;
  /** 99th percentile of how late the sentinel sent its probes. */
  sentinelLatenessP99Ms: number | null;
}

export interface SeriesPoint {
  atMs: number;
  ratePerSecond: number;
  errorsPerSecond: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}
