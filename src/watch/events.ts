import type { FiredAlert } from '../analysis/live-alerts.ts';
import type { Observation } from '../model/evidence.ts';
import type { LatencyPath } from '../model/profile.ts';
import type { Runbook, Tick } from '../model/runbook.ts';
import type { Outcome } from '../model/verdict.ts';

/** What those who watch a drill are told, in the order in which it happened. Plain data: it goes to browsers as JSON. */
export type WatchEvent =
  /** earlier: the runs before it, where several run in a row. */
  | { kind: 'begin'; atMs: number; frame: Frame; earlier?: EarlierRun[] }
  | { kind: 'run'; atMs: number; runId: string }
  | ObservationOf<'step' | 'mark' | 'held-on' | 'load-progress' | 'fault' | 'platform-event' | 'problem' | 'stop'>
  | { kind: 'replicas'; atMs: number; replicas: Replica[] }
  /** The lanes whose state is another than before. */
  | { kind: 'lanes'; atMs: number; states: Record<string, LaneState> }
  | ({ kind: 'capacity'; atMs: number } & Capacity)
  | ({ kind: 'alert' } & FiredAlert)
  /** Somebody did a step of the runbook. */
  | ({ kind: 'tick' } & Tick)
  /** What the drill does right now, in words. */
  | { kind: 'note'; atMs: number; message: string }
  | { kind: 'ended'; atMs: number; status: string; reason: string | null }
  | { kind: 'verdict'; atMs: number; outcome: Outcome; headline: string; findings: Finding[]; command: string };

type ObservationOf<K extends Observation['kind']> = Extract<Observation, { kind: K }>;
export type EventOf<K extends WatchEvent['kind']> = Extract<WatchEvent, { kind: K }>;

/** How the probes of a lane fared in a second; silent: none was sent or answered, so nothing is known. */
export type LaneState = 'served' | 'partly' | 'failing' | 'silent';

/** What the platform says of itself. */
export interface Capacity {
  podsReady: number;
  podsWanted: number;
  nodesReady: number;
  nodesWanted: number;
  pods: { name: string; node: string; zone?: string | undefined; ready: boolean }[];
}

export interface Replica {
  lane: string;
  replica: string;
  zone: string;
}

export interface Finding {
  title: string;
  /** null: told, not judged. */
  outcome: Outcome | null;
  message: string;
}

/** A run that was watched in the same room. */
export interface EarlierRun {
  drill: string;
  without: string[];
  outcome: Outcome;
  headline: string;
}

/** What is known of a drill before it starts. */
export interface Frame {
  drill: string;
  title: string;
  target: string;
  profile: string;
  baselineRatePerSecond: number;
  peakRatePerSecond: number;
  limits: { path: LatencyPath; limitMs: number | null }[];
  fault: { kind: string; summary: string } | null;
  /** What is switched off to see the drill fail. */
  without: string[];
  /** What people do meanwhile; null: nothing is written down. */
  runbook: Runbook | null;
  schedule: Schedule;
}

/** When things are due, in ms. */
export interface Schedule {
  /** From the start of the load. */
  marks: { mark: string; afterMs: number }[];
  faultDueAfterMs: number;
  loadMs: number;
  /** From the injection. */
  recoveredAfterMs: number;
  afterFaultMs: number;
  /** How much later what follows is, each time that a phase is held on. */
  heldOnMs: { peak: number; recovered: number };
  /** The load starts so long before the baseline counts. */
  settlingMs: number;
}

/** A finished run, for the same page. */
export interface Replay {
  events: WatchEvent[];
  fine: Fine;
}

/** The calls of short stretches of equal length, to zoom in; a call belongs to the stretch in which it started. */
export interface Fine {
  fromMs: number;
  binMs: number;
  paths: {
    path: LatencyPath;
    calls: number[];
    failed: number[];
    /** Wall time of the slowest call; null where there is none. */
    slowestMs: (number | null)[];
  }[];
}
