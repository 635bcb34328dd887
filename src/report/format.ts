/** What stands wherever a value could not be measured; never a 0. */
export const notMeasured = 'not measured';

type Formatter = (value: number) => string;

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 });

const decimals = (value: number, digits: number): string => Number(value.toFixed(digits)).toString();

/** A length of time in the unit a person would use: 0.42 ms, 86.4 ms, 6.42 s, 2 min 12 s. */
export const formatMs: Formatter = (ms) => {
  if (Math.abs(ms) < 1) return `${decimals(ms, 2)} ms`;
  if (Math.abs(ms) < 999.95) return `${decimals(ms, 1)} ms`;
  if (ms < 120_000) return `${ms % 1000 === 0 ? ms / 1000 : (ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
};

export const formatCount: Formatter = (count) => grouped.format(count);

export const formatRate: Formatter = (perSecond) => `${oneDecimal.format(perSecond)}/s`;

/** A measured share, to three significant digits. */
export const formatRatio: Formatter = (ratio) => `${significant.format(ratio * 100)} %`;

/** A promised share, with all its nines. */
export const formatObjective: Formatter = (ratio) => `${exact.format(ratio * 100)} %`;

/** Applies a formatter to what may not have been measured. */
export const orNotMeasured = (value: number | null, format: Formatter): string =>
  value === null ? notMeasured : format(value);

/** 2026-11-27T09:00:36.412Z -> 2026-11-27 09:00:36.412 UTC */
export const formatInstant = (iso: string): string => iso.replace('T', ' ').replace('Z', ' UTC');

/** Length of a run in ms, or null while its end is not known. */
export const runDurationMs = (run: { startedAt: string; finishedAt: string | null }): number | null =>
  run.finishedAt === null ? null : Date.parse(run.finishedAt) - Date.parse(run.startedAt);

/** 1 finding, 2 findings. */
export const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
