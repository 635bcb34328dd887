import { type Phase, phases, type RecoveryPath, recoveryPaths } from './objectives.ts';
import { type LatencyPath, latencyPaths } from './profile.ts';
import type { Outcome, RunStatus } from './verdict.ts';

/** What is followed from run to run. proof: from the injection until the fault was seen to bite; page: until an alert would have paged. */
export type MeasureId =
  | `recovery.${RecoveryPath}`
  | `p99.${LatencyPath}.${Phase}`
  | 'detection.proof'
  | 'detection.page';

/** All there are, in the order in which they are shown. */
export const measureIds: readonly MeasureId[] = [
  ...recoveryPaths.map((path): MeasureId => `recovery.${path}`),
  ...latencyPaths.flatMap((path) => phases.map((phase): MeasureId => `p99.${path}.${phase}`)),
  'detection.proof',
  'detection.page',
];

export interface Measure {
  id: MeasureId;
  /** Infinity: worse than any limit, as a recovery that did not come while it was watched, or a p99 that is a failed call. */
  valueMs: number;
  /** Between which it is uncertain; null where nothing bounds it. */
  lowMs: number | null;
  highMs: number | null;
  /** Whether this run had a promise about it. */
  isPromised: boolean;
}

/** A run as its folder tells of it. */
export interface HistoryRun {
  /** Below the folder of reports. */
  folder: string;
  runId: string;
  drill: string;
  target: string;
  profile: string;
  outcome: Outcome;
  status: RunStatus;
  startedAt: string;
  commit: string | null;
  dirty: boolean | null;
  /** Protections taken away. */
  without: string[];
  scale: string;
  versions: Record<string, string>;
  /** Runs with the same one are asked the same, on the same kind of platform: only those are compared. */
  series: string;
  measures: Measure[];
}

/** Whether a run is one of those that trends are made of: a run that was not judged shows nothing about the shop. */
export const counts = ({ status, outcome }: Pick<HistoryRun, 'status' | 'outcome'>): boolean =>
  status === 'completed' && outcome !== 'inconclusive';

/** A folder that is not in the history, or is there only once, and why. */
export interface LeftOut {
  folder: string;
  why: string;
}

/** The runs of a drill that are asked the same, on the same kind of platform. */
export interface Series {
  series: string;
  drill: string;
  target: string;
  profile: string;
  scale: string;
  without: string[];
  /** All of them, and those that count. */
  runs: number;
  counted: number;
}

/** A drill's runs over time, and what about them changed. */
export interface Trend extends Series {
  /** Oldest first; the newest of the series, those that do not count among them. */
  shown: Omit<HistoryRun, 'measures'>[];
  /** Runs of the drill in other series, by how those differ. */
  notCompared: { why: string; runs: number }[];
  measures: MeasureTrend[];
  outcomes: OutcomeTrend;
  reference: Reference | null;
  /** Of all tests together: the chance that any of them names something where nothing changed. */
  error: number;
  tests: number;
  /** Runs that count, without which no change can be shown. */
  leastRuns: number;
}

export interface MeasureTrend {
  id: MeasureId;
  isPromised: boolean;
  /** For each run that is shown; null where it was not measured. */
  points: (Measure | null)[];
  /** Of the runs that count. */
  measured: number;
  medianMs: number | null;
  change: Change | null;
  /** Against the reference; null without one, or with too few runs since. */
  againstReference: Shift | null;
}

/** A difference that is more than chance: p is corrected for all tests of the trend. */
export interface Shift {
  direction: 'up' | 'down';
  /** Levels: times in ms, or the shares of runs that failed. */
  before: number;
  after: number;
  runsBefore: number;
  runsAfter: number;
  p: number;
}

/** Where a measure changed its level. */
export interface Change extends Shift {
  first: Pick<HistoryRun, 'runId' | 'startedAt' | 'commit'>;
  lastBefore: Pick<HistoryRun, 'runId' | 'startedAt' | 'commit'>;
  /** What else the first run after it has another version of. */
  otherVersions: string[];
}

export interface OutcomeTrend {
  passed: number;
  failed: number;
  /**
   * changed: from one run on they are others. flaky: they come and go, and nothing changed. unclear: too few to tell these apart.
   */
  kind: 'steady' | 'changed' | 'flaky' | 'unclear';
  change: Change | null;
  /** Commits of which some runs passed and others failed, with nothing else known to differ. */
  mixedCommits: string[];
}

/** Runs that a person has named, with which later ones are compared. */
export interface Reference {
  runIds: string[];
  setAt: string;
  /** Later runs that count, the newest of which are compared. */
  runsSince: number;
  /** How many of either it takes, at the least, to show a difference; since: null where the reference is too small for any. */
  least: { runs: number; since: number | null };
}
