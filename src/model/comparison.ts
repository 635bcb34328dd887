import type { Outcome } from './verdict.ts';

/** Two runs of a drill side by side. */
export interface Comparison {
  runs: ComparedRun[];
  /** Why their measurements cannot be compared at all; empty when they can. */
  incomparable: string[];
  /** What else differs between them and may explain a difference, in words. */
  alsoDiffers: string[];
  rows: ComparedRow[];
}

export interface ComparedRun {
  drill: string;
  runId: string;
  profile: string;
  target: string;
  outcome: Outcome;
}

export interface ComparedRow {
  what: string;
  /** For the first and the second run, in words. */
  values: [string, string];
  /** unknown: one of them was not measured, or not by the same measure. */
  difference: 'real' | 'none shown' | 'unknown';
  /** What decides that, with its numbers. */
  because: string;
}
