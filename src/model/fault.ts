import type { Capability, Platform } from './target.ts';

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
  willChange: WillChange;
  signal: AbortSignal;
}

/** A fault that was injected. */
export interface ActiveFault {
  /** When the order to break something was given, epoch ms. */
  injectedAtMs: number;
  /** Waits for evidence that it bit; null and the reason's words when it did not. */
  prove(): Promise<{ provenAtMs: number; proof: string } | { provenAtMs: null; proof: string }>;
  /** Takes it back and waits until the platform says that it is whole again; that wait is all where a fault ends on its own. */
  undo(): Promise<{ revertedAtMs: number }>;
}

/** One way to break a platform: one file in `chaos/`. */
export interface Fault {
  kind: string;
  /** One line for people: what breaks. */
  summary: string;
  requires: Capability[];
  /** Problems with its target on this platform, in words; empty when it can be injected. Changes nothing. */
  check(platform: Platform): Promise<string[]>;
  inject(context: FaultContext): Promise<ActiveFault>;
}
