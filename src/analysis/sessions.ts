import { k6Metrics } from '../model/evidence.ts';
import type { SessionFacts } from '../model/facts.ts';
import type { EvidenceStore } from './evidence-store.ts';

/**
 * How shoppers fared that looked for what the shop should remember about them, since an instant. Needs the views
 * `samples` and `calls`. A look that nobody answered leaves a session open until its shopper looks again: the last look
 * decides. If the script does not say whose session it looked for, each failed look is one without an answer.
 */
export async function sessionFacts(store: EvidenceStore, sinceMs: number): Promise<SessionFacts> {
  const sinceUs = Math.round(sinceMs * 1000);
  const [row] = await store.rows(`WITH looks AS (
      SELECT result, key, end_us FROM samples WHERE metric = '${k6Metrics.session}' AND end_us >= ${sinceUs}
    ), last AS (SELECT arg_max(result, end_us) AS result FROM looks WHERE key <> '' GROUP BY key)
    SELECT
      count(*) FILTER (result = 'kept')::DOUBLE AS kept,
      count(*) FILTER (result = 'lost')::DOUBLE AS lost,
      (SELECT count(*) FROM last WHERE result = 'unanswered')::DOUBLE AS unanswered,
      count(*) FILTER (key <> '')::DOUBLE AS named,
      count(*) FILTER (result NOT IN ('kept', 'lost', 'unanswered'))::DOUBLE AS strange FROM looks`);
  if (row?.strange)
    store.problems.push({
      about: 'load',
      message: `looks for a session ended in neither kept, lost nor unanswered: ${row.strange}`,
    });
  const [failed] = await store.rows(
    `SELECT count(*) FILTER (failed)::DOUBLE AS looks FROM calls WHERE op = 'session' AND start_us >= ${sinceUs}`,
  );
  // A shop that has lost a session says so with a status that counts as failed.
  const unnamed = Math.max(0, Number(failed?.looks) - Number(row?.lost));
  const unanswered = Number(row?.named) > 0 ? Number(row?.unanswered) : unnamed;
  return { kept: Number(row?.kept), lost: Number(row?.lost), unanswered };
}
