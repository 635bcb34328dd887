import type { Profile } from './profile.ts';
import type { Capability, Inventory, Platform } from './target.ts';

/** How to take a change back: written to the journal before the change is made. Plain data, so that any later process can do it. */
export interface Undo {
  kind: string;
  [detail: string]: string | number | boolean;
}

/** Takes changes back by their kind, also for a process that has died. Doing it twice does no harm. */
export type Undoers = Record<string, (undo: Undo) => Promise<void>>;

/** Records an undo, flushed to disk, before the change is made. Gives what to call once it has been undone. */
export type WillChange = (undo: Undo) => () => void;

export interface FaultContext {
  platform: Platform;
  /** The target's name, so that a later process knows where to undo. */
  target: string;
  /** Marks everything that is made for this run. */
  runId: string;
  willChange: WillChange;
  signal: AbortSignal;
}

/** What one fault takes away and when, so that a combination can be checked for contradictions before anything is started. */
export interface FaultEffect {
  kind: string;
  /** From the injection of the whole. */
  startsAfterMs: number;
  /** How long the fault itself goes on, a notice included: by the wall clock, and by AWS's, which a target may run faster. */
  lastsMs?: number;
  awsDurationMs?: number;
  /** A zone that goes out, by its name or as the one that the database's writer is in; for how long. */
  zoneOut?: { zone: string; durationMs: number };
  /** The database instance that has to be promoted. */
  promotes?: string;
}

/** Stands for the zone of the database's writer, which is known once the platform is up. */
export const writersZone = 'the zone of the writer';

/** Whether a fault bit, with the evidence in words; null and the reason's words when it did not. */
export type Proof = { provenAtMs: number; proof: string } | { provenAtMs: null; proof: string };

/** A fault that was injected. */
export interface ActiveFault {
  /** When the order to break something was given, epoch ms. */
  injectedAtMs: number;
  /** Waits for evidence that it bit. @param signal ends the wait: nobody would feel what bites later */
  prove(signal: AbortSignal): Promise<Proof>;
  /**
   * Takes it back and waits until the platform says that it is whole again; that wait is all where a fault ends on its
   * own. Null when the platform did not become whole, which is a finding about the platform; throws when taking back failed.
   */
  undo(): Promise<{ revertedAtMs: number | null }>;
}

/** One way to break a platform: one file in `chaos/`. */
export interface Fault {
  kind: string;
  /** One line for people: what breaks. */
  summary: string;
  requires: Capability[];
  effects: readonly FaultEffect[];
  /** What is wrong with it before anything is started: no target, more than its blast radius, a contradiction. */
  problems(inventory: Inventory, profile: Profile): string[];
  /** Problems with its target on this platform, in words; empty when it can be injected. Breaks nothing. */
  check(context: FaultContext): Promise<string[]>;
  /**
   * What would prove it, in words, if that is so already: it would prove nothing. Left out where a proof is a change from
   * what was so at the injection. Breaks nothing, and takes a moment: it is asked right before the injection too.
   */
  holdsAlready?(context: FaultContext): Promise<string | undefined>;
  inject(context: FaultContext): Promise<ActiveFault>;
}
