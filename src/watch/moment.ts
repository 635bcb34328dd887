import type { Moment } from '../model/moments.ts';
import type { Frame } from './events.ts';

/** What was told of a drill so far, as far as it says which moment of it is on. */
export interface Told {
  frame: Frame | null;
  marks: ReadonlyMap<string, number>;
  faults: readonly { state: string; atMs: number }[];
  /** Anything but null: the run is over. */
  ended: unknown;
}

/** The moment of a drill that people do steps of its runbook in. */
export function momentOf({ frame, marks, faults, ended }: Told, nowMs: number): Moment {
  if (ended !== null || marks.has('load-end')) return 'after';
  const injectedMs = faults.find(({ state }) => state === 'injected')?.atMs;
  const promisedMs = injectedMs === undefined || !frame ? undefined : injectedMs + frame.schedule.recoveredAfterMs;
  if ((promisedMs !== undefined && nowMs >= promisedMs) || marks.has('back-start')) return 'recovered';
  if (faults.length > 0) return 'fault';
  if (marks.has('ramp-start')) return 'peak';
  return marks.has('baseline-start') ? 'baseline' : 'before';
}
