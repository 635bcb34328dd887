import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { LatencyPath } from '../model/profile.ts';

/** To a thousandth: the precision of every number in a verdict. */
export const round3 = (value: number): number => Math.round(value * 1000) / 1000;

export const round3OrNull = (value: number | null): number | null => (value === null ? null : round3(value));

/** An instant in ISO 8601, UTC, with three decimals. */
export const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export const isoOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : iso(epochMs));

/** 41.3 ms, 4.25 s. */
export function duration(ms: number): string {
  if (Math.abs(ms) < 1_000) return `${number(ms, ms < 10 ? 2 : 1)} ms`;
  return `${number(ms / 1000, 2)} s`;
}

/** 1,234.5 */
export const number = (value: number, maxDecimals = 1): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: maxDecimals });

export const percent = (ratio: number): string => `${number(ratio * 100, 2)} %`;

/** "1 order", "2 orders". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count, 0)} ${count === 1 ? one : many}`;

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const phaseWords: Record<Phase, string> = {
  baseline: 'at baseline',
  ramp: 'on the ramp',
  peak: 'at peak',
  fault: 'during the fault',
  recovered: 'after recovery',
};

/** A phase in a sentence. Without a fault there is nothing to recover from. */
export const whenIn = (plan: Plan, phase: Phase): string =>
  phase === 'recovered' && plan.fault === null ? 'after the peak' : phaseWords[phase];

/** Since the start of what the shop has to withstand, in a sentence. */
export const sinceThen = (plan: Plan): string => (plan.fault === null ? 'since the peak began' : 'after the injection');

/** A latency path in a sentence. */
export const nameOf: Record<LatencyPath, string> = { api: 'API', checkout: 'checkout' };
