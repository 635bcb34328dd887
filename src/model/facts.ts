import type { CapacityType, OrderScope, PodEnd } from './facets.ts';
import type { Moment } from './moments.ts';
import type { Phase, RecoveryPath } from './objectives.ts';
import type { LatencyPath } from './profile.ts';
import type { ReplicaStep } from './sightings.ts';
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
    /** Requests started per second over the peak phase. */
    peakRatePerSecond: number | null;
    peakProvenAtMs: number | null;
    /** Iterations k6 could not start for want of a free VU, or of a pod that was lost; null when k6 left no evidence. */
    dropped: number | null;
    /** The same by the phase in which they should have started; empty when k6 left no evidence. */
    droppedInPhases: { phase: Phase; count: number }[];
    /** Calls that never left k6's machine, such as for want of a descriptor or a port; phase is null where it is unknown. */
    unsentInPhases: { phase: Phase | null; count: number }[];
    /** How much too long k6's own waits took for want of CPU; empty where its script does not report it. */
    lateInPhases: { phase: Phase; p99Ms: number }[];
    generator: {
      name: string;
      version: string;
      exitCode: number | null;
      maxVus: number | null;
      availableVus: number | null;
    };
    /** Left out: k6 ran on this machine. */
    pods?: LoadPodFact[];
  };
  /** Left out: the sentinel ran on the machine that ran tenfold. */
  sentinel?: SentinelFact;
  fault: {
    kind: string;
    injectedAtMs: number | null;
    provenAtMs: number | null;
    revertedAtMs: number | null;
    proof: string | null;
  } | null;
  latency: LatencyFact[];
  recovery: RecoveryFact[];
  /** null without evidence of calls, and where orders are neither sent nor read back. */
  placing: PlacingFact | null;
  /** null when they were not read back, or when it is unknown what was attempted. */
  orders: OrderFacts | null;
  /** All calls of each phase, and those that read the catalogue; empty without evidence of calls. */
  calls: CallsFact[];
  /** null when no write was probed through the edge after an injection. */
  refusal: RefusalFact | null;
  /** Looks for a shopper's session since the disturbance; null when there is no evidence of calls. */
  sessions: SessionFacts | null;
  /** null when the platform was never asked what it holds. */
  capacity: CapacityFacts | null;
  /** The pods that came since the disturbance; null where the platform did not tell how. */
  replacements: ReplacementFact[] | null;
  /** When nothing was heard of the platform's control plane: what it tells of that time it told later. */
  unheard: { fromMs: number; toMs: number }[];
  /** null without a peak, or without a look at the platform during it. */
  autoscaling: AutoscalingFact | null;
  /** What k6 and the sentinel report about the same requests; empty without evidence of calls. */
  agreement: AgreementFact[];
  /** What each promise's error budget lost; null without evidence of calls. */
  budgets: BudgetFact[] | null;
  host: HostFacts;
  /** Those of a load in steps that were held to their end; left out: the load has one step. */
  steps?: LoadStepFact[];
  /** One point per second, for the report's time axis. */
  series: SeriesPoint[];
  platformEvents: { atMs: number; source: string; message: string }[];
  /** null without a runbook; facts of older runs lack it. */
  runbook: RunbookFact | null;
  /** Anything that stops a measurement from being trusted or made, in words. */
  problems: { about: 'load' | 'latency' | 'recovery' | 'capacity' | 'orders' | 'host' | 'evidence'; message: string }[];
}

/** The steps of the drill's runbook, and who did which while the drill was on. */
export interface RunbookFact {
  file: string;
  sha256: string;
  steps: {
    id: string;
    title: string;
    moment: Moment;
    /** ISO; null: nobody said that it was done. */
    doneAt: string | null;
    by: string | null;
  }[];
}

/** Phase boundaries. A null ends what is known: later phases hold no requests. */
export interface Timeline {
  baselineStartMs: number | null;
  rampStartMs: number | null;
  peakStartMs: number | null;
  injectedAtMs: number | null;
  /** When what the shop has to withstand starts: the injection, or, in a drill without a fault, the peak. */
  disturbedAtMs: number | null;
  /**
   * When the shop has promised to be well again: the plan fixes this beforehand, so the length of the outage does not
   * move it. In a drill without a fault, when the traffic starts to go back to the baseline. Starts the recovered phase.
   */
  recoveredAtMs: number | null;
  loadEndMs: number | null;
  /** Where the run's seconds turn within those of the epoch, in ms: from the looks at the host, so a shift in time moves it. */
  secondsTurnMs: number;
}

/** A wall time in ms. "failed": that of a failed call, which is worse than any limit. null: there is no such call. */
export type Percentile = number | 'failed' | null;

/**
 * Calls of a path in a phase: all of them if they keep the promise even so, otherwise without those that started in a
 * second that others took from the host.
 */
export interface LatencyFact {
  path: LatencyPath;
  phase: Phase;
  count: number;
  failed: number;
  /** Failed, or slower than limitMs. */
  bad: number;
  limitMs: number;
  p50Ms: Percentile;
  p95Ms: Percentile;
  p99Ms: Percentile;
  p999Ms: Percentile;
  /** One-sided error of the phase's judgement and of these bounds of the true p99, spells considered. */
  error: number;
  p99LowMs: Percentile;
  p99HighMs: Percentile;
  /** Over the successful calls only. */
  succeeded: { count: number; p50Ms: number | null; p99Ms: number | null };
  /** Bad calls of each second that had any, most first. */
  badBySecond: number[];
  /** The length of what is judged. */
  seconds: number;
  /** Bad calls that started in a second in which the instruments were late. */
  lateBad: number;
  /** What started in seconds that others took from the host, and whether it is left out of all other numbers. */
  robbed: { seconds: number; calls: number; bad: number; leftOut: boolean };
  /** null without bad calls. */
  worstSecond: WorstSecond | null;
}

/** The second in which the most bad calls started, and how busy the generator's machine was in it. */
export interface WorstSecond {
  atMs: number;
  bad: number;
  busyRatio: number | null;
  stealRatio: number | null;
}

/** For pods and nodes, an outage means fewer ready ones than just before the injection, and a probe is a look at the platform. */
export interface RecoveryFact {
  path: RecoveryPath;
  /** False when only stray probes failed after the injection: see unserved. */
  outage: boolean;
  /** False unless the service was restored, and steady for three seconds, while the load was on. */
  recovered: boolean;
  outageStartMs: number | null;
  outageEndMs: number | null;
  uncertaintyMs: number;
  badMs: number;
  flaps: number;
  /** From the injection. */
  serviceRestoredMs: number | null;
  performanceRestoredMs: number | null;
  /**
   * Lower bounds of both, whether it was restored or not: the last instant before at which it is known to have been away, or 0
   * if it never was. Worse evidence never lowers them. The performance bound is null for pods and nodes.
   */
  serviceAtLeastMs: number;
  performanceAtLeastMs: number | null;
  /** From the injection to the end of observation. */
  observedMs: number;
  phases: { name: string; startMs: number; endMs: number }[];
  /** Each lane through the edge on its own; none for pods and nodes, which are looked at. */
  lanes?: LaneFact[];
  replicas: ReplicaFact[];
  /** Ready pods or nodes just before the injection, and the fewest after it; null for paths that are probed. */
  ready: { before: number; least: number } | null;
  probes: number;
  /** Probes that failed or were answered only after a second, stray ones included. */
  unserved: number;
}

/** How one replica recovered, as probed around the balancer. */
export interface ReplicaFact {
  replica: string;
  zone: string;
  /** From the injection; null when it did not serve again while it was watched, or when that is unknown. */
  actualMs: number | null;
  /** Why the platform ended the replica's pod, in words; its probes prove nothing then. */
  takenAway: string | null;
  /** The lower bound of actualMs, as far as it was watched. */
  atLeastMs: number;
  /** From the injection to the end of observation. */
  observedMs: number;
  /** Share of the planned probes after the injection that were sent: below 0.95 it is unknown whether it recovered. */
  sentShare: number;
}

/** How one lane through the edge recovered: pooled connections and new ones can come back at different times. */
export interface LaneFact {
  lane: string;
  connection: string;
  /** Between two probes. */
  intervalMs: number;
  outageStartMs: number | null;
  startUncertaintyMs: number | null;
  outageEndMs: number | null;
  /** From the injection; null when they were not restored while the load was on. */
  serviceRestoredMs: number | null;
  performanceRestoredMs: number | null;
  /** Of serviceRestoredMs. */
  uncertaintyMs: number;
  badMs: number;
  flaps: number;
  probes: number;
}

/** Calls of a phase; for the fault phase, those from the injection to the planned end of what the fault itself does. */
export interface CallsFact {
  calls: 'all' | 'reads';
  phase: Phase;
  count: number;
  failed: number;
  /** Failed calls that started in a robbed second. */
  robbedFailed: number;
}

export interface SessionFacts {
  kept: number;
  lost: number;
  /** Not answered up to the last look, or with neither yes nor no. */
  unanswered: number;
}

/** How writes through the edge were refused while they were away. */
export interface RefusalFact {
  /** Sent after the injection. */
  probes: number;
  /** Failed after the injection, stray ones included. */
  failed: number;
  /** Over the wall times of the failed ones. */
  medianMs: number | null;
  p95Ms: number | null;
}

export interface CapacityFacts {
  /** What the platform held at each look. */
  samples: CapacitySample[];
  /** The longest time without a look, from the disturbance to the end of the load; null when either is unknown. */
  longestGapMs: number | null;
  /** Pods since the disturbance; null when there is no look at the platform just before it. */
  pods: PodsFact | null;
  /** Ready pods just before the disturbance, by the kind of their nodes; left out where that is not known. */
  readyOn?: Record<CapacityType, number>;
  /** Every end of a pod while the load was on, attributed. */
  podEnds: PodEnd[];
  /** Whether the platform was asked for them; false where nothing shows it. */
  askedForPodEnds: boolean;
  /** Pods that were there and are gone, with no reason given. */
  unexplained: string[];
}

export interface CapacitySample {
  atMs: number;
  nodesReady: number;
  nodesWanted: number;
  podsReady: number;
  podsWanted: number;
  /** The most that autoscaling may ask for; null without autoscaling, left out where nobody asked. */
  podsMax?: number | null | undefined;
  cpuRatio: number | null;
}

export interface PodsFact {
  wantedBefore: number;
  leastReady: number;
  /** The furthest that ready pods fell below the number wanted before, or wanted at that moment if that is fewer. */
  mostUnavailable: number;
  /** When that was. */
  atMs: number;
}

/** How a pod got to serve that takes another's place, or came in addition. */
export interface ReplacementFact {
  pod: string;
  /** null while it has none. */
  node: string | null;
  /** The pod that had to go for it; null where none had. */
  replaces: string | null;
  /** All steps, in order. */
  steps: StepFact[];
}

export interface StepFact {
  step: ReplicaStep;
  /** From the disturbance; it happened no later. A node is usually last heard of before it. null: unknown. */
  afterMs: number | null;
  /** How much earlier it may have been; null where nothing bounds that. */
  uncertaintyMs: number | null;
  /** Who told of it. */
  source: string | null;
  /** Why it is unknown. */
  because: string | null;
}

/** Whether the ready pods were enough for the peak by the autoscaler's rule, or as many as there may be. */
export interface AutoscalingFact {
  /** From the start of the peak; null when they were never enough. */
  lagMs: number | null;
  uncertaintyMs: number;
  /** From the start of the peak to its end: the lower bound of a lag that has no end. */
  observedMs: number;
  /** Ready when the step began. */
  podsBefore: number;
  /** Ready when they were enough; null when they never were. */
  podsEnough: number | null;
  /** Most ready pods during the peak. */
  podsMost: number;
  looks: number;
  /** Looks with a reading of the CPU. */
  readings: number;
}

/** What shoppers were told about their orders: every attempt is acknowledged, rejected or indeterminate. */
export interface PlacingFact {
  attempted: number;
  acknowledged: number;
  rejected: number;
  /** Never answered. */
  indeterminate: number;
  /** Orders with no record of how they ended. */
  silent: number;
  /** Silent orders that came so late that their shopper still had patience when the load ended. */
  late: number;
  /** Late orders that had outrun a call's patience by then. */
  overdue: number;
}

/** What was attempted, compared with what the database holds. */
export interface OrderFacts {
  /** Which orders were read back. */
  scope: OrderScope;
  /** Attempted, and in the database. */
  persisted: number;
  lost: number;
  /** Lost orders that may be in rows that could not be read; left out where there are no such rows. */
  lostPerhaps?: number;
  duplicated: number;
  /** Never answered, but in the database. */
  recovered: number;
  unexpected: number;
  /** In the database, but different from what was asked for or confirmed; null when there is nothing to compare. */
  wrong: number | null;
  /** Orders that are there and could be compared line by line; null when shoppers did not report what they asked for. */
  compared: number | null;
  /** Keys of such orders, at most 20 of each kind, to look them up. */
  lostKeys: string[];
  duplicatedKeys: string[];
  wrongKeys: string[];
}

export interface AgreementFact {
  path: 'read' | 'write';
  /** Stretches in which the two contradict each other; shares are over the whole stretch. */
  contradictions: { fromMs: number; toMs: number; k6FailedShare: number; probeFailedShare: number }[];
}

/** Calls of a path over the whole run, first tries only, and the alerts on its error budget, fastest first. */
export interface BudgetFact {
  path: LatencyPath;
  good: number;
  /** Failed, or over the path's limit. */
  bad: number;
  /** Bad calls that started in a robbed second. */
  robbedBad: number;
  /** Calls were bad up to the end of the load: what they would have burned afterwards is unknown. */
  openAtEnd: boolean;
  alerts: BurnAlertFact[];
}

/** A burn-rate alert over two windows. The time before the run counts as baseline traffic without a bad call. */
export interface BurnAlertFact {
  severity: 'page' | 'ticket';
  longMs: number;
  shortMs: number;
  /** It fires once the burn over both windows is this many times what the budget allows. */
  burnRate: number;
  /** The highest burn rate that both windows reached together. */
  highestBurn: number;
  /** null: it would not have fired during the run. */
  firedAtMs: number | null;
}

export interface HostFacts {
  cpuCount: number | null;
  /** Share of time in the judged phases that some task waited for a CPU (Linux PSI "some"); null on other systems. */
  cpuPressureRatio: number | null;
  stealRatio: number | null;
  busyRatio: number | null;
  /** Share of all CPU time that others than the platform and the instruments used. */
  neighbourRatio: number | null;
  /** Whole robbed seconds, found without looking at how the shop fared. */
  robbed: RobbedSecond[];
  /** 99th percentile of how late the sentinel sent its probes. */
  sentinelLatenessP99Ms: number | null;
  /** The same for each phase that has begun: a short disturbance spoils only the phase it falls into. */
  phases: HostPhase[];
  /** The furthest that the system's clock strayed from the monotonic one during the run; null when it was not measured. */
  clockStepMs: number | null;
}

export interface HostPhase {
  phase: Phase;
  seconds: number;
  robbedSeconds: number;
  stealRatio: number | null;
  /** Mean share of the CPU time that was used; null where it was not measured. */
  busyRatio: number | null;
  sentinelLatenessP99Ms: number | null;
}

export interface RobbedSecond {
  atMs: number;
  because: 'stolen' | 'neighbour' | 'late';
}

export interface SeriesPoint {
  atMs: number;
  ratePerSecond: number;
  errorsPerSecond: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** A pod that ran k6. */
export interface LoadPodFact {
  pod: string;
  node: string;
  zone: string;
  exitCode: number | null;
  /** How it ended, in words. */
  because: string;
  /** It did not run to the end of the load, or not all of its evidence is here. */
  lost: boolean;
  lastSampleMs: number | null;
  /** The iterations that it should have started after that, at most, by phase. */
  owed: { phase: Phase; count: number }[];
  /** The most that its clock may have been from ours; null: it was never measured. */
  clockOffMs: number | null;
}

/** A pod that ran the sentinel. */
export interface SentinelFact {
  pod: string;
  node: string;
  zone: string;
  /** How it ended, in words. */
  because: string;
  /** It was not heard to its end. */
  lost: boolean;
  /** It was lost with its node after the injection: why that is none to run on any more, in words; null: it was not, as far as is known. */
  hit: string | null;
  /** Probes and ticks that never came, before the last one that did. */
  missing: number;
  lastSentMs: number | null;
  /** The most that its clock may have been from ours; null: it was never measured. */
  clockOffMs: number | null;
}

/** A step of a load in several, from when its rate was reached to its end. */
export interface LoadStepFact {
  /** Of the baseline's rate. */
  factor: number;
  plannedPerSecond: number;
  seconds: number;
  /** First tries that started, and right answers that came, a second. */
  startedPerSecond: number;
  servedPerSecond: number;
  /** Calls that were open at once, on average over the time. */
  inFlight: number;
  paths: StepPathFact[];
  /** Iterations that k6 could not start, and calls that never left its machine. */
  dropped: number;
  unsent: number;
  /** How much too long k6's own waits took; null where its script does not report it. */
  generatorLateP99Ms: number | null;
  /** How much of the step others took from the host. */
  robbedSeconds: number;
  busyRatio: number | null;
  /** What others than the platform and the instruments took of the CPU; null where that is unknown. */
  neighbourRatio: number | null;
  /** Whether the platform is known to run on this host. */
  isShopHere: boolean;
  /** null: the platform was not asked. */
  pods: StepPodsFact | null;
  /** Each kind of pool, over all replicas; null: nothing tells. */
  pools: StepPoolFact[] | null;
  /** Medians of the sentinel's writes; null where they cannot be compared. */
  probes: { throughEdgeMs: number; aroundEdgeMs: number } | null;
}

export interface StepPathFact {
  path: LatencyPath;
  limitMs: number;
  p99Ms: Percentile;
  /** All calls, and those that did not start in a second that others took from the host. */
  all: StepCalls;
  rest: StepCalls;
}

export interface StepCalls {
  count: number;
  /** Failed, or slower than the limit, of each second that had any. */
  badBySecond: number[];
  seconds: number;
  /** Bad ones that started in a second in which the instruments were late. */
  lateBad: number;
}

export interface StepPodsFact {
  /** Ready ones: the fewest and the most at a look. */
  least: number;
  most: number;
  /** At the last look. */
  byZone: Record<string, number>;
  mostOnANode: number;
  /** Mean use of what they request; null where it is unknown. */
  cpuRatio: number | null;
}

export interface StepPoolFact {
  role: string;
  /** In all replicas. */
  connections: number;
  usesPerSecond: number;
  /** Of a use: how long it had the connection, and how long it waited for it. */
  holdMs: number;
  waitMs: number;
  /** By Little's law: uses a second times how long each holds its connection. */
  inUse: number;
}
