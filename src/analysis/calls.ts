import { evidenceFiles, k6Metrics } from '../model/evidence.ts';
import type { CallsFact, Facts, Timeline } from '../model/facts.ts';
import { type Phase, phases } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { latencyPaths, type Operation } from '../model/profile.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { limitOf } from './limits.ts';
import { phaseStarts, phasesOf } from './timeline.ts';

const file = evidenceFiles.requests;
/** Reads of the catalogue, which a stale copy can answer too. */
const reads: Operation[] = ['list', 'product', 'search'];
const metrics = [...Object.values(k6Metrics), 'dropped_iterations', 'vus'];
const isCall = `metric = '${k6Metrics.call}'`;
const isRead = 'end_us IS NOT NULL AND value IS NOT NULL';
const list = (names: string[]) => names.map((name) => `'${name}'`).join(', ');
const tag = (name: string, column = 'extra_tags') =>
  `regexp_extract(coalesce(${column}, ''), '(?:^|&)${name}=([^&]*)', 1)`;

/**
 * Makes the table `samples` of what is needed of k6's samples, calls apart: those stay in `raw_samples`, for `makeCalls`.
 * False when there are no calls to be had. A million calls have a few dozen different tags between them, so tags are taken
 * apart once each and joined.
 */
export async function readSamples(store: EvidenceStore): Promise<boolean> {
  const readable = await store.load(
    file,
    'load',
    'raw_samples',
    (
      from,
    ) => `SELECT metric_name AS metric, TRY_CAST(timestamp AS BIGINT) AS end_us, TRY_CAST(metric_value AS DOUBLE) AS value,
      coalesce(extra_tags, '') AS tags, CASE WHEN metadata IS NULL THEN '' ELSE ${tag('key', 'metadata')} END AS key
      FROM ${from} WHERE metric_name IN (${list(metrics)})`,
  );
  if (readable === 'not') return false;
  await store.run(`CREATE TEMP TABLE tags AS
    SELECT *, ${tag('op', 'tags')} AS op, ${tag('result', 'tags')} AS result, ${tag('attempt', 'tags')} AS attempt, ${tag('worker', 'tags')} AS worker
    FROM (SELECT tags, count(*) FILTER (${isCall}) AS calls, count(*) FILTER (NOT (${isRead})) AS unread,
      count(*) FILTER (${isCall} AND ${isRead}) AS read_calls FROM raw_samples GROUP BY tags);
    CREATE TEMP TABLE samples AS
    SELECT metric, end_us, value, op, result, attempt, worker, key FROM raw_samples JOIN tags USING (tags) WHERE NOT (${isCall})`);
  const [count] = await store.rows(`SELECT coalesce(sum(calls), 0)::INTEGER AS calls,
      coalesce(sum(unread + CASE WHEN op = '' OR result = '' THEN read_calls ELSE 0 END), 0)::INTEGER AS strange FROM tags`);
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
 * Makes the table `calls` of what `readSamples` left: start_us, wall_us, path, reads, phase, failed, bad, first_try. A sample is
 * stamped at the call's end; a call belongs to the phase in which it started, but one that the injection met in flight is the
 * fault's. Whole microseconds, so that sums are the same on every run.
 */
export async function makeCalls(store: EvidenceStore, timeline: Timeline, plan: Plan): Promise<void> {
  const phase = phaseCase(timeline, (phase) => (phase === 'fault' ? 'start_us + wall_us' : 'start_us'));
  await store.run(`
    CREATE TEMP TABLE calls AS
    WITH timed AS (
      SELECT end_us - wall_us AS start_us, * EXCLUDE (end_us) FROM (
        SELECT end_us, round(value * 1000)::BIGINT AS wall_us, result <> 'ok' AS failed, attempt IN ('', '1') AS first_try,
          CASE op WHEN 'checkout' THEN 'checkout' ELSE 'api' END AS path, op IN (${list(reads)}) AS reads
        FROM raw_samples JOIN tags USING (tags) WHERE ${isCall} AND ${isRead} AND op <> '' AND result <> ''
      )
    ), phased AS (SELECT *, ${phase} AS phase FROM timed)
    SELECT *, failed OR wall_us > ${limitSql(plan)} AS bad FROM phased;
    DROP TABLE raw_samples`);
}

/** SQL for the phase that an instant, in epoch microseconds, falls into; NULL before the first. */
export function phaseCase(timeline: Timeline, instantOf: (phase: Phase) => string): string {
  const cases = phaseStarts(timeline).map(
    ({ phase, startMs }) => `WHEN ${instantOf(phase)} >= ${Math.round(startMs * 1000)} THEN '${phase}'`,
  );
  return `CASE WHEN false THEN '' ${cases.join(' ')} END`;
}

/** The limit of a call's path and phase in microseconds; a path without a promise has none. */
function limitSql(plan: Plan): string {
  const us = (limitMs: number | null) => (limitMs === null ? '9000000000000000' : String(Math.round(limitMs * 1000)));
  const cases = latencyPaths.flatMap((path) => [
    ...phases.map((phase) => `WHEN path = '${path}' AND phase = '${phase}' THEN ${us(limitOf(plan, path, phase))}`),
    `WHEN path = '${path}' THEN ${us(limitOf(plan, path))}`,
  ]);
  return `(CASE ${cases.join(' ')} END)`;
}

/** Calls of each phase that the plan has, whole and of the catalogue's reads. */
export async function countCalls(store: EvidenceStore, plan: Plan): Promise<CallsFact[]> {
  const rows =
    await store.rows(`SELECT phase, count(*)::INTEGER AS all_count, count(*) FILTER (failed)::INTEGER AS all_failed,
      count(*) FILTER (reads)::INTEGER AS reads_count, count(*) FILTER (reads AND failed)::INTEGER AS reads_failed
    FROM calls WHERE phase IS NOT NULL GROUP BY phase`);
  return phasesOf(plan).flatMap((phase) => {
    const row = rows.find((one) => one.phase === phase);
    return (['all', 'reads'] as const).map((calls) => ({
      calls,
      phase,
      count: Number(row?.[`${calls}_count`] ?? 0),
      failed: Number(row?.[`${calls}_failed`] ?? 0),
    }));
  });
}

/** Good and bad calls over the whole run. */
export async function countEvents(store: EvidenceStore): Promise<Facts['events']> {
  const [row] = await store.rows(
    'SELECT count(*) FILTER (NOT bad)::DOUBLE AS good, count(*) FILTER (bad)::DOUBLE AS bad FROM calls',
  );
  return { good: Number(row?.good), bad: Number(row?.bad) };
}
