import type { Observation } from '../model/evidence.ts';
import type { Timeline } from '../model/facts.ts';
import { type Phase, phases } from '../model/objectives.ts';
import { type Plan, recoveredAfterMs } from '../model/plan.ts';
import { markAt, ofKind } from './observations.ts';

/** The boundaries of the phases. What a failed injection did to the shop does not belong to the peak either. */
export function timelineOf(observations: Observation[], plan: Plan, injected: number | null): Timeline {
  const injectedAtMs = injected ?? ofKind(observations, 'fault')[0]?.atMs ?? null;
  const peakStartMs = markAt(observations, 'peak-start');
  const withFault = {
    disturbedAtMs: injectedAtMs,
    recoveredAtMs: injectedAtMs === null ? null : injectedAtMs + recoveredAfterMs(plan),
  };
  const withoutFault = { disturbedAtMs: peakStartMs, recoveredAtMs: markAt(observations, 'back-start') };
  return {
    baselineStartMs: markAt(observations, 'baseline-start'),
    rampStartMs: markAt(observations, 'ramp-start'),
    peakStartMs,
    injectedAtMs,
    ...(plan.fault === null ? withoutFault : withFault),
    loadEndMs: markAt(observations, 'load-end'),
    secondsTurnMs: secondsTurn(ofKind(observations, 'host').map(({ atMs }) => atMs)),
  };
}

const looksForTurn = 60;

/** The part of a second that the first looks at the host are closest to: they come at the turn of each second. */
export function secondsTurn(looksAtMs: number[]): number {
  const parts = looksAtMs.slice(0, looksForTurn).map((ms) => ms % 1_000);
  const apart = (a: number, b: number) => Math.min((a - b + 1_000) % 1_000, (b - a + 1_000) % 1_000);
  const farness = (turn: number) => parts.reduce((sum, part) => sum + apart(turn, part), 0);
  return parts.reduce((best, part) => (farness(part) < farness(best) ? part : best), parts[0] ?? 0);
}

/** The start of the run's second that an instant lies in, both in microseconds. */
export const secondStartUs = (us: number, { secondsTurnMs }: Pick<Timeline, 'secondsTurnMs'>): number =>
  us - ((us - Math.round(secondsTurnMs * 1_000)) % 1_000_000);

/** From the injection to the end of what the fault itself does; if a plan does not say, to the end of its phase. */
export const faultLastsMs = (plan: Plan): number => plan.fault?.lastsMs ?? recoveredAfterMs(plan);

/** When each phase starts, latest first. A phase without a start holds nothing. */
export function phaseStarts(timeline: Timeline): { phase: Phase; startMs: number }[] {
  const starts: [Phase, number | null][] = [
    ['recovered', timeline.recoveredAtMs],
    ['fault', timeline.injectedAtMs],
    ['peak', timeline.peakStartMs],
    ['ramp', timeline.rampStartMs],
    ['baseline', timeline.baselineStartMs],
  ];
  return starts.flatMap(([phase, startMs]) => (startMs === null ? [] : [{ phase, startMs }]));
}

/** The phases that have begun, each up to the next one or the end of the load; epoch ms. The last may have no known end. */
export function phaseSpans(timeline: Timeline): { phase: Phase; startMs: number; endMs: number }[] {
  const loadEndMs = timeline.loadEndMs ?? Infinity;
  const starts = phaseStarts(timeline);
  return starts
    .map(({ phase, startMs }, index) => ({
      phase,
      startMs,
      endMs: Math.min(starts[index - 1]?.startMs ?? loadEndMs, loadEndMs),
    }))
    .filter(({ startMs, endMs }) => startMs < endMs)
    .reverse();
}

export const phaseAt = (timeline: Timeline, atMs: number): Phase | null =>
  phaseSpans(timeline).find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)?.phase ?? null;

/** The phases that a plan has. */
export const phasesOf = (plan: Plan): Phase[] => phases.filter((phase) => phase !== 'fault' || plan.fault !== null);
