/**
 * The truth bench: what the sentinel and the analysis say about scripted outages, against their true starts and ends.
 * `node bench/truth/run.ts [--schedules 200] [--seed 1] [--shops 8] [--rate 200]`; docs/decisions/0008-truth-bench.md.
 */
import { parseArgs } from 'node:util';
import { invalid } from '../../src/model/errors.ts';
import { type Compared, compareAll, falseOutages, isWithin } from './compare.ts';
import { type Measured, measure } from './measure.ts';
import { drawSchedules, type Schedule } from './schedule.ts';
import { isRight, least, quantile, type Row, rowsOf } from './summary.ts';

export interface TruthOptions {
  schedules: number;
  seed: number;
  /** Shops that break at the same time, each on its own; the last one has replicas. */
  shops: number;
  /** Of k6, over all shops. */
  ratePerSecond: number;
}

export interface TruthResult {
  schedules: Schedule[];
  compared: Compared[];
  rows: Row[];
  falseOutages: number;
  measured: Measured;
  /** Within the stated uncertainty and as close as promised. */
  ok: boolean;
}

const usual: TruthOptions = { schedules: 200, seed: 1, shops: 8, ratePerSecond: 200 };

/** Runs the bench with real processes; reports long steps. */
export async function runTruth(
  options: Partial<TruthOptions> = {},
  say: (line: string) => void = () => {},
): Promise<TruthResult> {
  const { schedules: count, seed, shops, ratePerSecond } = { ...usual, ...options };
  const schedules = drawSchedules(count, shops, seed);
  const measured = await measure(schedules, shops, ratePerSecond, say);
  const compared = compareAll(schedules, measured);
  const rows = rowsOf(compared);
  const [all] = rows;
  const ok =
    (all?.withinShare ?? 0) >= least.withinShare && (all?.errorP95Ms ?? Number.POSITIVE_INFINITY) <= least.errorP95Ms;
  return { schedules, compared, rows, falseOutages: falseOutages(schedules, measured), measured, ok };
}

/** The bench's command line: prints a table, and returns whether the result is as promised. */
export async function truthBench(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      schedules: { type: 'string', default: String(usual.schedules) },
      seed: { type: 'string', default: String(usual.seed) },
      shops: { type: 'string', default: String(usual.shops) },
      rate: { type: 'string', default: String(usual.ratePerSecond) },
    },
  });
  const options = {
    schedules: countOf('schedules', values.schedules),
    seed: countOf('seed', values.seed),
    shops: countOf('shops', values.shops),
    ratePerSecond: countOf('rate', values.rate),
  };
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(`Truth bench: ${options.schedules} scripted outages, seed ${options.seed}, a probe every 10 ms on each lane`);
  const result = await runTruth(options, print);
  for (const line of describe(result, options)) print(line);
  return result.ok;
}

function countOf(option: string, value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw invalid(`--${option} is ${value}: it takes a whole number from 1 on`);
}

function describe({ rows, compared, falseOutages, measured, ok }: TruthResult, options: TruthOptions): string[] {
  const { k6, host } = measured;
  const own = compared.filter(({ via }) => via === 'server');
  const bad = own.flatMap(({ badErrorMs, badUncertaintyMs }) =>
    badErrorMs === null ? [] : [{ errorMs: Math.abs(badErrorMs), uncertaintyMs: badUncertaintyMs }],
  );
  const badErrors = bad.map(({ errorMs }) => errorMs);
  const badP95Ms = quantile(badErrors, 0.95);
  const calm = own.filter(({ sentinelLateMs, shopLateMs }) => sentinelLateMs <= calmMs && shopLateMs <= calmMs);
  const wrong = compared.filter((one) => !isRight(one));
  return [
    '',
    table(rows),
    '',
    `Errors are of starts and ends together, in ms; ± is the uncertainty that the analysis states.`,
    `Total bad time of failing shops: off by ${ms(badP95Ms)} ms at p95, by at most an interval for each end in ${bad.filter(isWithin).length} of ${bad.length}.`,
    `Whole replicas beside a broken one that were said to be away: ${falseOutages}.`,
    `Beside them k6 ${k6.version} sent ${k6.requests} requests (${options.ratePerSecond}/s planned, exit code ${k6.exitCode}).`,
    `Probes were sent ${ms(measured.latenessP99Ms)} ms late at p99; CPU ${percent(host.busyRatio)} busy, tasks waited for it ${percent(host.cpuPressureRatio)} of the time.`,
    `Around ${calm.length} of ${own.length} outages neither the sentinel nor the shop was more than ${calmMs} ms late: ${calm.filter(isRight).length} of these are within.`,
    ...wrong.map(describeWrong),
    ...measured.problems,
    `${ok ? 'As promised' : 'NOT as promised'}: both ends within the stated uncertainty in at least ${percent(least.withinShare)}, and off by at most ${least.errorP95Ms} ms at p95.`,
  ];
}

/** An outage was calm when neither the sentinel nor the shop was late by more than this around it. */
export const calmMs = 20;

function describeWrong({ schedule, via, connection, found, start, end, sentinelLateMs, shopLateMs }: Compared): string {
  const one = (name: string, instant: Compared['start']) =>
    instant === null ? `no ${name}` : `${name} off by ${ms(instant.errorMs)} (± ${ms(instant.uncertaintyMs)})`;
  return `  outside: ${schedule.id} ${schedule.kind} (${schedule.fault}, ${via}, ${connection})${found ? '' : ' NOT FOUND'}: ${one('start', start)}, ${one('end', end)}; sentinel ${ms(sentinelLateMs)} late, shop ${ms(shopLateMs)}`;
}

function table(rows: Row[]): string {
  const head = ['', 'outages', 'not found', 'within ±', 'p50', 'p95', 'max', '± p50', '± p95'];
  const lines = rows.map((row) => [
    row.of,
    String(row.outages),
    String(row.notFound),
    percent(row.withinShare),
    ms(row.errorP50Ms),
    ms(row.errorP95Ms),
    ms(row.errorMaxMs),
    ms(row.uncertaintyP50Ms),
    ms(row.uncertaintyP95Ms),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return [head, ...lines].map((line) => line.map(pad).join('  ')).join('\n');
}

const ms = (value: number | null): string => (value === null ? '-' : value.toFixed(1));
const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);

if (import.meta.main) process.exitCode = (await truthBench(process.argv.slice(2))) ? 0 : 1;
