import type { Where } from './rounds.ts';

/** A part of a drill's life, starting at a line of its progress. */
export interface Stage {
  name: StageName;
  /** What it says on stderr when the part begins; null: it begins with the process. */
  line: RegExp | null;
  /** How long it lasts at least, on an idle machine. */
  spanMs: number;
}

export type StageName =
  | 'begin'
  | 'stand up'
  | 'steady state'
  | 'traffic'
  | 'injecting'
  | 'injected'
  | 'fault'
  | 'collect'
  | 'judging';

export const lineOf: Record<StageName, RegExp | null> = {
  begin: null,
  'stand up': /> stand up the platform/,
  'steady state': /> steady state/,
  traffic: /> traffic/,
  injecting: /! fault \S+ injecting/,
  injected: /! fault \S+ injected/,
  fault: /! fault \S+ proven/,
  collect: /> collect/,
  judging: /sealing and judging the evidence/,
};

/** From the fault's proof to the end of the load, and from the traffic to the injection, with the profile `brief`. */
const [underFaultMs, beforeFaultMs] = [11_000, 14_000];
/** Added to the peak of a drill that says it has a long one. */
const longPeakMs = 11_000;
/** Only drills with a fault have these. */
const faultStages: readonly StageName[] = ['injecting', 'injected', 'fault'];

/** The life of a drill, in order. */
export function lifeOf(where: Where, { hasFault, hasLongPeak }: { hasFault: boolean; hasLongPeak: boolean }): Stage[] {
  const isRegion = where !== 'attached';
  const spansMs: Record<StageName, number> = {
    begin: 2_500,
    'stand up': where === 'own-region' ? 8_000 : 300,
    'steady state': 2_500,
    traffic: beforeFaultMs + (hasLongPeak ? longPeakMs : 0) + (hasFault ? 0 : underFaultMs),
    injecting: isRegion ? 800 : 4_300,
    injected: isRegion ? 1_000 : 300,
    fault: underFaultMs,
    collect: 1_000,
    judging: 1_000,
  };
  return (Object.keys(spansMs) as StageName[])
    .filter((name) => hasFault || !faultStages.includes(name))
    .map((name) => ({ name, line: lineOf[name], spanMs: spansMs[name] }));
}

/** Whether the fault may be there when the drill is struck in a stage. */
export const isBroken = (stage: StageName): boolean => faultStages.includes(stage);
