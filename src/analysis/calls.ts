import { evidenceFiles, k6Metrics } from '../model/evidence.ts';
import type { CallsFact, RobbedSecond, Timeline } from '../model/facts.ts';
import { phases } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { latencyPaths, type Operation } from '../model/profile.ts';
import { viewSamples } from './columnar.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { limitOf } from './limits.ts';
import { merelyLateSeconds, takenSeconds } from './robbed-seconds.ts';
import { faultLastsMs, phaseSpans, phasesOf } from './timeline.ts';

const file = evidenceFiles.requests;
/** Reads of the catalogue, which a stale copy can answer too. */
const reads: Operation[] = ['list', 'product', 'search'];
export const orderMetrics = [k6Metrics.orderAttempt, k6Metrics.orderOutcome];
const isCall = `metric = '${k6Metrics.call}'`;
/** What is not a finite number, or is too large for an instant in ms, could not be understood. */
const isRead = 'end_us IS NOT NULL AND value IS NOT NULL AND abs(value) < 1e15';
export const list = (names: string[]) => names.map((name) => `'${name}'`).join(', ');
export const tag = (name: string, column = 'tags') => `regexp_extract(${column}, '(?:^|&)${name}=([^&]*)', 1)`;

/**
 * Makes the view `samples` of the k6 samples that are needed, except for calls: those are for `makeCalls`. Calls that were
 * never sent never reached the shop: they are among the samples.
 * Returns false when there are no calls. A million calls share a few dozen different tags, which the file stores as a
 * number each, so parsing them on every read costs next to nothing.
 */
export async function readSamples(store: EvidenceStore): Promise<boolean> {
  if ((await viewSamples(store)) === 'not') return false;
  await store.run(`CREATE TEMP VIEW tagged AS
    SELECT metric, end_us, value, metadata, ${tag('op')} AS op, ${tag('result')} AS result, ${tag('attempt')} AS attempt,
      ${tag('(?:worker|instance_id)')} AS worker, ${tag('probed')} AS probed FROM raw_samples;
    CREATE TEMP VIEW samples AS
    SELECT metric, end_us, value, op, result, attempt, worker, metadata, ${tag('key', 'metadata')} AS key
    FROM tagged WHERE NOT (${isCall}) OR result = 'unsent'`);
  const [count] = await store.rows(`SELECT count(*) FILTER (${isCall} AND result <> 'unsent')::DOUBLE AS calls,
    count(*) FILTER (NOT (${isRead}) OR (${isCall} AND (op = '' OR result = '')))::DOUBLE AS strange FROM tagged`);
  if (Number(count?.strange) > 0)
    store.problems.push({
      about: 'load',
      message: `${file} has samples that could not be understood: ${count?.strange}`,
    });
  if (Number(count?.calls) > 0) return true;
  store.problems.push({ about: 'load', message: `${file} has no calls` });
  return false;
}

/**
 * Makes the view `calls` of what `readSamples` left: start_us, start_second (the instant at which its second begins), end_us,
 * wall_us, op, probed, path, reads, phase, struck, robbed, late, failed, bad, first_try. A sample is stamped at the call's end; a call
 * belongs to the phase in which it started. A call in flight at the injection is the peak's if it had outrun its limit by
 * then, otherwise nobody's: its phase is NULL. `struck` are those that the fault itself could reach; `robbed` those that
 * started in a second that others took, and `late` those in one in which the instruments were late for any other reason. Whole
 * microseconds, so sums are the same on every run.
 * Most facts are counts by the second: they come from the table `call_counts`, which takes one pass over the calls.
 */
export async function makeCalls(
  store: EvidenceStore,
  timeline: Timeline,
  plan: Plan,
  robbedSeconds: RobbedSecond[] = [],
): Promise<void> {
  const phase = phaseCase(timeline, 'start_us');
  await store.run(`
    CREATE TEMP VIEW calls AS
    WITH timed AS (
      SELECT end_us - wall_us AS start_us, ${secondSql('end_us - wall_us', timeline)} AS start_second, * FROM (
        SELECT end_us, TRY_CAST(round(value * 1000) AS BIGINT) AS wall_us, result <> 'ok' AS failed, attempt IN ('', '1') AS first_try,
          op, probed, CASE op WHEN 'checkout' THEN 'checkout' ELSE 'api' END AS path, op IN (${list(reads)}) AS reads
        FROM tagged WHERE ${isCall} AND ${isRead} AND op <> '' AND result NOT IN ('', 'unsent')
      )
    ), started AS (SELECT *, ${phase} AS phase_at_start FROM timed),
    limited AS (SELECT *, ${limitSql(plan)} AS limit_us FROM started)
    SELECT * EXCLUDE (phase_at_start, limit_us), CASE WHEN NOT (${inFlight(timeline)}) THEN phase_at_start END AS phase,
      ${struckSql(timeline, plan)} AS struck, ${inSeconds(takenSeconds(robbedSeconds))} AS robbed,
      ${inSeconds(merelyLateSeconds(robbedSeconds))} AS late, failed OR wall_us > limit_us AS bad FROM limited;
    CREATE TEMP TABLE call_counts AS
    SELECT start_second, ${secondSql('end_us', timeline)} AS end_second, path, reads, phase, struck, robbed, late, failed,
      bad, first_try, count(*)::BIGINT AS calls FROM calls GROUP BY ALL`);
}

/** SQL: the start, in microseconds, of the run's second that an instant lies in. */
const secondSql = (us: string, { secondsTurnMs }: Timeline): string =>
  `${us} - (${us} - ${Math.round(secondsTurnMs * 1_000)}) % 1000000`;

/** SQL: the call started in one of some whole seconds, given by their starts in ms. */
const inSeconds = (startsMs: number[]): string =>
  startsMs.length === 0 ? 'false' : `start_second IN (${startsMs.map((ms) => Math.round(ms * 1_000)).join(', ')})`;

/** SQL: the call was in flight at the injection, within its limit, so its outcome says nothing about the peak. */
function inFlight({ injectedAtMs }: Timeline): string {
  if (injectedAtMs === null) return 'false';
  const us = Math.round(injectedAtMs * 1000);
  return `start_us < ${us} AND start_us + wall_us >= ${us} AND start_us + limit_us >= ${us}`;
}

/**
 * SQL: the call was open at some instant from the injection on, and began before the fault itself was over. A good one that
 * had outrun its limit by the injection is only the peak's: a shop that was slow before must not dilute what fails then.
 */
function struckSql({ injectedAtMs }: Timeline, plan: Plan): string {
  if (injectedAtMs === null) return 'false';
  const us = (ms: number) => Math.round(ms * 1000);
  const injected = us(injectedAtMs);
  return `start_us + wall_us >= ${injected} AND start_us < ${us(injectedAtMs + faultLastsMs(plan))}
    AND (failed OR start_us + limit_us >= ${injected})`;
}

/** SQL for the phase that an instant, in epoch microseconds, falls into; NULL outside the load. */
export function phaseCase(timeline: Timeline, instant: string): string {
  const us = (ms: number) => (ms === Infinity ? '9000000000000000000' : String(Math.round(ms * 1000)));
  const cases = phaseSpans(timeline).map(
    ({ phase, startMs, endMs }) => `WHEN ${instant} >= ${us(startMs)} AND ${instant} < ${us(endMs)} THEN '${phase}'`,
  );
  return `CASE WHEN false THEN '' ${cases.join(' ')} END`;
}

/** The limit of a call's path and phase in microseconds; a path without a promise has none. */
function limitSql(plan: Plan): string {
  const us = (limitMs: number | null) => (limitMs === null ? '9000000000000000' : String(Math.round(limitMs * 1000)));
  const cases = latencyPaths.flatMap((path) => [
    ...phases.map(
      (phase) => `WHEN path = '${path}' AND phase_at_start = '${phase}' THEN ${us(limitOf(plan, path, phase))}`,
    ),
    `WHEN path = '${path}' THEN ${us(limitOf(plan, path))}`,
  ]);
  return `(CASE ${cases.join(' ')} END)`;
}

/** Calls of each phase that the plan has, all of them and the catalogue's reads; for the fault phase, those that it struck. */
export async function countCalls(store: EvidenceStore, plan: Plan): Promise<CallsFact[]> {
  const countsOf = (calls: 'all' | 'reads', which: string) => `sum(calls) FILTER (${which})::DOUBLE AS ${calls}_count,
    sum(calls) FILTER (${which} AND failed)::DOUBLE AS ${calls}_failed,
    sum(calls) FILTER (${which} AND failed AND (robbed OR late))::DOUBLE AS ${calls}_robbed`;
  const counts = `${countsOf('all', 'true')}, ${countsOf('reads', 'reads')}`;
  const rows = await store.rows(`SELECT phase, ${counts} FROM call_counts WHERE phase <> 'fault' GROUP BY phase
    UNION ALL SELECT 'fault', ${counts} FROM call_counts WHERE struck`);
  return phasesOf(plan).flatMap((phase) => {
    const row = rows.find((one) => one.phase === phase);
    return (['all', 'reads'] as const).map((calls) => ({
      calls,
      phase,
      count: Number(row?.[`${calls}_count`] ?? 0),
      failed: Number(row?.[`${calls}_failed`] ?? 0),
      robbedFailed: Number(row?.[`${calls}_robbed`] ?? 0),
    }));
  });
}
