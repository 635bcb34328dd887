import { evidenceFiles } from '../model/evidence.ts';
import type { OrderScope } from '../model/facets.ts';
import type { OrderFacts } from '../model/facts.ts';
import { list, orderMetrics } from './calls.ts';
import type { EvidenceStore } from './evidence-store.ts';

const file = evidenceFiles.orders;

/**
 * What was attempted, compared with what the database holds; null when either is missing. Needs the table `attempts`.
 * @param scope which orders were read back.
 */
export async function orderFacts(
  store: EvidenceStore,
  hasAttempts: boolean,
  scope: OrderScope,
): Promise<OrderFacts | null> {
  const readable = await store.load(
    file,
    'orders',
    'order_rows',
    (from) => `SELECT key, order_id, * EXCLUDE (key, order_id) FROM ${from}`,
  );
  if (readable === 'not' || !hasAttempts) return null;
  const strange = await dropStrangeRows(store);
  await compareWithLedger(store);
  const [row] = await store.rows(`SELECT
      count(*) FILTER (attempted AND copies > 0)::INTEGER AS persisted,
      count(*) FILTER (acknowledged AND copies = 0)::INTEGER AS lost,
      count(*) FILTER (copies > 1)::INTEGER AS duplicated,
      count(*) FILTER (attempted AND NOT acknowledged AND NOT rejected AND copies > 0)::INTEGER AS recovered,
      count(*) FILTER (NOT attempted)::INTEGER AS unexpected,
      count(*) FILTER (wrong)::INTEGER AS wrong,
      count(*) FILTER (compared)::INTEGER AS compared,
      count(*) FILTER (asked <> '')::INTEGER AS asked
    FROM orders`);
  const { asked, compared, wrong, ...counts } = row as Record<keyof Counts | 'asked', number>;
  return {
    scope,
    ...counts,
    // An order whose row cannot be read looks lost. What does not parse may have been any number of orders.
    ...(readable === 'partial' && { lostPerhaps: counts.lost }),
    ...(readable === 'whole' && strange > 0 && { lostPerhaps: Math.min(strange, counts.lost) }),
    wrong: wrong === 0 && compared === 0 ? null : wrong,
    compared: asked === 0 ? null : compared,
    lostKeys: await someKeys(store, 'acknowledged AND copies = 0'),
    duplicatedKeys: await someKeys(store, 'copies > 1'),
    wrongKeys: await someKeys(store, 'wrong'),
  };
}

type Counts = Omit<OrderFacts, 'scope' | 'lostPerhaps' | 'lostKeys' | 'duplicatedKeys' | 'wrongKeys'>;

/**
 * Makes the table `orders`, one row per key: how many orders it has, and whether they are wrong, which is any of: other
 * lines than were asked for or confirmed, another total than was confirmed, an answer that the shopper saw to be wrong, an
 * id that another key has too, or an order that the shopper was told does not exist.
 */
async function compareWithLedger(store: EvidenceStore): Promise<void> {
  // Older evidence lacks them.
  await store.run(`ALTER TABLE order_rows ADD COLUMN IF NOT EXISTS lines VARCHAR;
    ALTER TABLE order_rows ADD COLUMN IF NOT EXISTS total_cents VARCHAR`);
  await store.run(`CREATE TEMP TABLE orders AS
    WITH copies AS (
      SELECT DISTINCT key, order_id, coalesce(lines, '') AS lines, TRY_CAST(total_cents AS BIGINT) AS cents,
        count(DISTINCT key) OVER (PARTITION BY order_id) > 1 AS shared FROM order_rows
    ), beside AS (
      SELECT copies.key, order_id, shared,
        asked <> '' AND copies.lines <> '' AND (told_cents IS NULL OR cents IS NOT NULL) AS compared,
        (asked <> '' AND copies.lines <> '' AND copies.lines <> asked)
          OR (told_lines <> '' AND copies.lines <> '' AND copies.lines <> told_lines)
          OR coalesce(cents <> told_cents, false) AS differs
      FROM copies LEFT JOIN attempts USING (key)
    ), stored AS (
      SELECT key, count(DISTINCT order_id) AS copies, bool_and(compared) AS compared, bool_or(differs OR shared) AS differs
      FROM beside GROUP BY key
    )
    SELECT key, attempts.key IS NOT NULL AS attempted, coalesce(acknowledged, false) AS acknowledged,
      coalesce(rejected, false) AS rejected, coalesce(copies, 0) AS copies, coalesce(compared, false) AS compared,
      coalesce(asked, '') AS asked,
      coalesce(differs, false) OR coalesce(answered_wrong, false) OR coalesce(rejected AND copies > 0, false) AS wrong
    FROM attempts FULL JOIN stored USING (key)`);
}

/** Reports orders without a key, and drops those that were read back; returns how many the latter are. */
async function dropStrangeRows(store: EvidenceStore): Promise<number> {
  const [row] = await store.rows(`SELECT
    (SELECT count(*) FROM order_rows WHERE key IS NULL OR order_id IS NULL)::INTEGER AS stored,
    (SELECT count(*) FROM samples WHERE metric IN (${list(orderMetrics)}) AND key = '')::INTEGER AS asked`);
  if (row?.stored)
    store.problems.push({ about: 'orders', message: `${file} has rows that are no orders: ${row.stored}` });
  if (row?.asked)
    store.problems.push({
      about: 'orders',
      message: `${evidenceFiles.requests} has orders without a key: ${row.asked}`,
    });
  await store.run('DELETE FROM order_rows WHERE key IS NULL OR order_id IS NULL');
  return Number(row?.stored);
}

async function someKeys(store: EvidenceStore, condition: string): Promise<string[]> {
  const rows = await store.rows(`SELECT key FROM orders WHERE ${condition} ORDER BY key LIMIT 20`);
  return rows.map((row) => String(row.key));
}
