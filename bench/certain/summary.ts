import type { Outcome } from '../../src/model/verdict.ts';
import type { RunLine } from './runs.ts';

/** A drill's runs, counted. */
export interface DrillSummary extends Record<Outcome, number> {
  drill: string;
  runs: number;
  /** Of the runs in which the shop recovered. */
  recoveryMedianMs: number | null;
  recoveryWorstMs: number | null;
  wallMedianMs: number | null;
  neighbourRatio: number | null;
  robbedShare: number | null;
  findings: ({ run: number } & RunLine['findings'][number])[];
}

export function summarise(drill: string, runs: RunLine[]): DrillSummary {
  const count = (outcome: Outcome) => runs.filter((one) => one.outcome === outcome).length;
  const recoveries = known(runs.map(({ recoveryMs }) => recoveryMs));
  const neighbours = known(runs.map(({ neighbourRatio }) => neighbourRatio));
  const seconds = sum(runs.map((one) => one.seconds));
  return {
    drill,
    runs: runs.length,
    pass: count('pass'),
    inconclusive: count('inconclusive'),
    fail: count('fail'),
    recoveryMedianMs: median(recoveries),
    recoveryWorstMs: recoveries.at(-1) ?? null,
    wallMedianMs: median(known(runs.map(({ wallMs }) => wallMs))),
    neighbourRatio: neighbours.length === 0 ? null : sum(neighbours) / neighbours.length,
    robbedShare: seconds === 0 ? null : sum(runs.map(({ robbedSeconds }) => robbedSeconds)) / seconds,
    findings: runs.flatMap(({ run, findings }) => findings.map((finding) => ({ run, ...finding }))),
  };
}

export function describe(row: DrillSummary): string[] {
  const share = (outcome: Outcome) => `${row[outcome]} ${outcome} (${percent(row[outcome] / row.runs)})`;
  if (row.runs === 0) return ['', `${row.drill}: no run yet`];
  return [
    '',
    `${row.drill}: of ${row.runs} runs ${share('pass')}, ${share('inconclusive')}, ${share('fail')}`,
    `  recovery       median ${seconds(row.recoveryMedianMs)}, worst ${seconds(row.recoveryWorstMs)}`,
    `  wall time      median ${seconds(row.wallMedianMs)}`,
    `  neighbours     ${percent(row.neighbourRatio)} of all CPU time on average; ${percent(row.robbedShare)} of the seconds robbed`,
    ...row.findings.map(({ run, id, outcome, message }) => `  run ${run}  ${outcome}  ${id}: ${message}`),
  ];
}

const known = (values: (number | null)[]): number[] => values.filter((one) => one !== null).sort((a, b) => a - b);
const sum = (values: number[]): number => values.reduce((all, one) => all + one, 0);

/** Of ascending values: the higher of the two in the middle. */
const median = (values: number[]): number | null => values[values.length >> 1] ?? null;

const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`);
const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);
