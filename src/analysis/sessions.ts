import { k6Metrics } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** How often shoppers found what the shop should remember of them, and how often not, since an instant. Needs the table `samples`. */
export async function sessionFacts(store: EvidenceStore, sinceMs: number): Promise<NonNullable<Facts['sessions']>> {
  const [row] = await store.rows(`SELECT
      coalesce(sum(value) FILTER (result = 'kept'), 0)::DOUBLE AS kept,
      coalesce(sum(value) FILTER (result = 'lost'), 0)::DOUBLE AS lost,
      count(*) FILTER (result NOT IN ('kept', 'lost'))::INTEGER AS strange
    FROM samples WHERE metric = '${k6Metrics.session}' AND end_us >= ${Math.round(sinceMs * 1000)}`);
  if (row?.strange)
    store.problems.push({
      about: 'load',
      message: `looks for a session ended in neither kept nor lost: ${row.strange}`,
    });
  return { kept: Number(row?.kept), lost: Number(row?.lost) };
}
