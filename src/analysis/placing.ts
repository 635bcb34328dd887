import { k6Metrics } from '../model/evidence.ts';
import type { PlacingFact } from '../model/facts.ts';
import { patience } from '../model/load-spec.ts';
import { list, orderMetrics, tag } from './calls.ts';
import type { EvidenceStore } from './evidence-store.ts';

const patienceUs = (patience.orderMs + patience.callMs) * 1_000;
const callPatienceUs = patience.callMs * 1_000;

/**
 * Makes the table `attempts` of what shoppers asked for and were told, one row per order, and counts it. Needs the view
 * `samples`. An order with two outcomes counts by the better one.
 */
export async function placingFact(store: EvidenceStore, loadEndMs: number | null): Promise<PlacingFact> {
  const told = (name: string) => `max(${tag(name, 'metadata')})`;
  const is = (result: string) => `coalesce(bool_or(result = '${result}'), false)`;
  await store.run(`CREATE TEMP TABLE attempts AS
    SELECT key, ${is('acknowledged')} AS acknowledged, ${is('rejected')} AND NOT ${is('acknowledged')} AS rejected,
      bool_and(metric = '${k6Metrics.orderAttempt}') AS silent, min(end_us) AS start_us,
      ${told('asked')} AS asked, ${told('lines')} AS told_lines, TRY_CAST(${told('cents')} AS BIGINT) AS told_cents,
      ${told('answer')} = 'wrong' AS answered_wrong
    FROM samples WHERE metric IN (${list(orderMetrics)}) AND key <> '' GROUP BY key`);
  // k6 may have been ended before the load was: what came until then is all that can be known.
  const endUs = loadEndMs === null ? 'lastly' : `least(lastly, ${Math.round(loadEndMs * 1000)})`;
  const [row] = await store.rows(`SELECT count(*)::INTEGER AS attempted,
      count(*) FILTER (acknowledged)::INTEGER AS acknowledged,
      count(*) FILTER (rejected)::INTEGER AS rejected,
      count(*) FILTER (NOT acknowledged AND NOT rejected)::INTEGER AS indeterminate,
      count(*) FILTER (silent)::INTEGER AS silent,
      count(*) FILTER (silent AND start_us > ${endUs} - ${patienceUs})::INTEGER AS late,
      count(*) FILTER (silent AND start_us > ${endUs} - ${patienceUs} AND start_us <= ${endUs} - ${callPatienceUs})::INTEGER AS overdue
    FROM attempts, (SELECT max(end_us) AS lastly FROM samples)`);
  return row as unknown as PlacingFact;
}
