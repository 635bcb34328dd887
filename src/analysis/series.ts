import type { SeriesPoint, Timeline } from '../model/facts.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** One point per second of the load, by when calls started. A second without a call is a point too: silence must be seen. */
export async function series(store: EvidenceStore, timeline: Timeline): Promise<SeriesPoint[]> {
  const us = (ms: number | null) => (ms === null ? 'NULL' : `${Math.round(ms * 1000)}`);
  const rows = await store.rows(`
    WITH span AS (
      SELECT coalesce(${us(timeline.baselineStartMs)}, min(start_us))::BIGINT AS from_us,
        coalesce(${us(timeline.loadEndMs)}, max(start_us) + 1)::BIGINT AS to_us FROM calls
    ), seconds AS (
      SELECT from_us, unnest(generate_series(0, (to_us - from_us - 1) // 1000000)) AS second FROM span
    ), counted AS (
      SELECT (start_us - from_us) // 1000000 AS second, count(*) AS calls, count(*) FILTER (failed) AS errors,
        quantile_disc(wall_us, [0.5, 0.95, 0.99]) AS walls
      FROM calls, span WHERE start_us >= from_us AND start_us < to_us GROUP BY 1
    )
    SELECT (from_us + second * 1000000)::DOUBLE AS at_us, coalesce(calls, 0)::DOUBLE AS calls, coalesce(errors, 0)::DOUBLE AS errors,
      walls[1]::DOUBLE AS p50_us, walls[2]::DOUBLE AS p95_us, walls[3]::DOUBLE AS p99_us
    FROM seconds LEFT JOIN counted USING (second) ORDER BY second`);
  const ms = (value: unknown) => (value == null ? null : Number(value) / 1000);
  return rows.map((row) => ({
    atMs: Number(row.at_us) / 1000,
    ratePerSecond: Number(row.calls),
    errorsPerSecond: Number(row.errors),
    p50Ms: ms(row.p50_us),
    p95Ms: ms(row.p95_us),
    p99Ms: ms(row.p99_us),
  }));
}
