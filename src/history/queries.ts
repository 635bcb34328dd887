import { z } from 'zod';
import { type HistoryRun, type LeftOut, type Measure, measureIds, type Series } from '../model/history.ts';
import { outcomeSchema, runStatuses } from '../model/verdict.ts';
import type { History } from './history-file.ts';

const json = z.string().transform((text): unknown => JSON.parse(text));

const runRow = z
  .object({
    folder: z.string(),
    run_id: z.string(),
    drill: z.string(),
    target: z.string(),
    profile: z.string(),
    outcome: outcomeSchema,
    status: z.enum(runStatuses),
    started_at: z.string(),
    commit: z.string().nullable(),
    dirty: z.boolean().nullable(),
    without: json.pipe(z.array(z.string())),
    scale: z.string(),
    versions: json.pipe(z.record(z.string(), z.string())),
    series: z.string(),
  })
  .transform(({ run_id, started_at, ...row }) => ({ ...row, runId: run_id, startedAt: started_at }));

/** Infinity, too, which is worse than any time. */
const ms = z.custom<number>((value) => typeof value === 'number' && value >= 0);

const measureRow = z
  .object({
    folder: z.string(),
    id: z.enum(measureIds),
    value_ms: ms,
    low_ms: ms.nullable(),
    high_ms: ms.nullable(),
    is_promised: z.boolean(),
  })
  .transform(({ folder, id, value_ms, low_ms, high_ms, is_promised }): Measure & { folder: string } => ({
    folder,
    id,
    valueMs: value_ms,
    lowMs: low_ms,
    highMs: high_ms,
    isPromised: is_promised,
  }));

/** Which runs, each of them once. */
export interface Which {
  drill?: string;
  series?: string;
  runIds?: readonly string[];
  /** The newest so many. */
  last?: number;
}

/** Runs with their measures, newest first. */
export async function runsIn(history: History, { drill, series, runIds, last }: Which): Promise<HistoryRun[]> {
  const wanted = `
    SELECT * FROM each_run
    WHERE counts_once AND ($1 IS NULL OR drill = $1) AND ($2 IS NULL OR series = $2)
      AND ($3 IS NULL OR list_contains(string_split($3, chr(10)), run_id))
    ORDER BY started_at DESC, run_id DESC
    LIMIT ${last ?? 'ALL'}`;
  const values = [drill ?? null, series ?? null, runIds?.join('\n') ?? null];
  const runs = z.array(runRow).parse(await history.rows(wanted, values));
  const measures = z
    .array(measureRow)
    .parse(await history.rows(`SELECT * FROM measures WHERE folder IN (SELECT folder FROM (${wanted}))`, values));
  const measuresOf = Map.groupBy(measures, ({ folder }) => folder);
  return runs.map((run) => ({ ...run, measures: inOrder(measuresOf.get(run.folder) ?? []) }));
}

const inOrder = (measures: readonly (Measure & { folder: string })[]): Measure[] =>
  measures.map(({ folder, ...measure }) => measure).sort((a, b) => measureIds.indexOf(a.id) - measureIds.indexOf(b.id));

/** How many runs there are, each counted once. */
export async function countRuns(history: History, drill?: string): Promise<number> {
  const [row] = await history.rows(
    'SELECT count(*)::INTEGER AS runs FROM each_run WHERE counts_once AND ($1 IS NULL OR drill = $1)',
    [drill ?? null],
  );
  return Number(row?.runs);
}

export async function drillsIn(history: History): Promise<string[]> {
  return (await history.rows('SELECT DISTINCT drill FROM runs ORDER BY drill')).map(({ drill }) => String(drill));
}

/** Folders that are not in the history, with the reason; and those of a run that stands elsewhere, too, or under another name. */
export async function leftOutOf(history: History): Promise<LeftOut[]> {
  const rows = await history.rows(`
    SELECT folder, why FROM left_out
    UNION ALL
    SELECT folder, 'it holds run ' || run_id || CASE
      WHEN counts_once THEN ', so it was renamed, or its run was copied into it; the run counts once'
      ELSE ', which is counted once, from ' || first(folder) OVER (PARTITION BY run_id ORDER BY counts_once DESC, folder)
      END AS why
    FROM each_run
    QUALIFY NOT counts_once OR NOT ends_with(folder, '/' || run_id)
    ORDER BY folder`);
  return rows.map(({ folder, why }) => ({ folder: String(folder), why: String(why) }));
}

const seriesRow = z.object({
  series: z.string(),
  drill: z.string(),
  target: z.string(),
  profile: z.string(),
  scale: z.string(),
  without: json.pipe(z.array(z.string())),
  runs: z.number(),
  counted: z.number(),
});

/** The series of a drill, the one with the newest run first. */
export async function seriesIn(history: History, drill: string): Promise<Series[]> {
  const rows = await history.rows(
    `SELECT series, any_value(drill) AS drill, any_value(target) AS target, any_value(profile) AS profile,
      any_value(scale) AS scale, any_value(without) AS without, count(*)::INTEGER AS runs,
      count_if(status = 'completed' AND outcome <> 'inconclusive')::INTEGER AS counted
    FROM each_run WHERE counts_once AND drill = $1
    GROUP BY series ORDER BY max(started_at) DESC, series`,
    [drill],
  );
  return z.array(seriesRow).parse(rows);
}
