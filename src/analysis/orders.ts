import { evidenceFiles, k6Metrics } from '../model/evidence.ts';
import type { OrderFacts } from '../model/facts.ts';
import type { EvidenceStore } from './evidence-store.ts';

const file = evidenceFiles.orders;

/** What shoppers were told against what the database holds; null when either side is missing. Needs the table `samples`. */
export async function orderFacts(store: EvidenceStore, hasSamples: boolean): Promise<OrderFacts | null> {
  const readable = await store.load(file, 'orders', 'order_rows', (from) => `SELECT key, order_id FROM ${from}`);
  // An order whose row cannot be read would look lost.
  if (readable !== 'whole' || !hasSamples || (await hasStrangeRows(store))) return null;
  await store.run(`CREATE TEMP TABLE orders AS
    WITH asked AS (
      SELECT key, bool_or(result = 'acknowledged') AS acknowledged, bool_or(result = 'rejected') AS rejected
      FROM samples WHERE metric IN ('${k6Metrics.orderAttempt}', '${k6Metrics.orderOutcome}') AND key <> '' GROUP BY key
    ), stored AS (SELECT key, count(*) AS copies FROM order_rows WHERE key IS NOT NULL GROUP BY key)
    SELECT coalesce(asked.key, stored.key) AS key, asked.key IS NOT NULL AS attempted, coalesce(acknowledged, false) AS acknowledged,
      coalesce(rejected, false) AND NOT coalesce(acknowledged, false) AS rejected, coalesce(copies, 0) AS copies
    FROM asked FULL JOIN stored ON asked.key = stored.key`);
  await tellRejectedButStored(store);
  const [row] = await store.rows(`SELECT
      count(*) FILTER (attempted)::INTEGER AS attempted,
      count(*) FILTER (acknowledged)::INTEGER AS acknowledged,
      count(*) FILTER (attempted AND copies > 0)::INTEGER AS persisted,
      count(*) FILTER (acknowledged AND copies = 0)::INTEGER AS lost,
      count(*) FILTER (copies > 1)::INTEGER AS duplicated,
      count(*) FILTER (attempted AND NOT acknowledged AND NOT rejected)::INTEGER AS indeterminate,
      count(*) FILTER (attempted AND NOT acknowledged AND NOT rejected AND copies > 0)::INTEGER AS recovered,
      count(*) FILTER (NOT attempted)::INTEGER AS unexpected
    FROM orders`);
  return {
    ...(row as unknown as Omit<OrderFacts, 'lostKeys' | 'duplicatedKeys'>),
    lostKeys: await someKeys(store, 'acknowledged AND copies = 0'),
    duplicatedKeys: await someKeys(store, 'copies > 1'),
  };
}

/** Tells orders without a key; whether there are any among those read back. */
async function hasStrangeRows(store: EvidenceStore): Promise<boolean> {
  const orderMetrics = `metric IN ('${k6Metrics.orderAttempt}', '${k6Metrics.orderOutcome}')`;
  const [row] = await store.rows(`SELECT
    (SELECT count(*) FROM order_rows WHERE key IS NULL OR order_id IS NULL)::INTEGER AS stored,
    (SELECT count(*) FROM samples WHERE ${orderMetrics} AND key = '')::INTEGER AS asked`);
  if (row?.stored)
    store.problems.push({ about: 'orders', message: `${file} has rows that are no orders: ${row.stored}` });
  if (row?.asked)
    store.problems.push({
      about: 'orders',
      message: `${evidenceFiles.requests} has orders without a key: ${row.asked}`,
    });
  return Boolean(row?.stored);
}

/** A shopper was told no and the order is there: neither lost nor unexpected, and not right either. */
async function tellRejectedButStored(store: EvidenceStore): Promise<void> {
  const keys = await someKeys(store, 'rejected AND copies > 0');
  if (keys.length > 0)
    store.problems.push({
      about: 'orders',
      message: `orders that were rejected are in the database: ${keys.join(', ')}`,
    });
}

async function someKeys(store: EvidenceStore, condition: string): Promise<string[]> {
  const rows = await store.rows(`SELECT key FROM orders WHERE ${condition} ORDER BY key LIMIT 20`);
  return rows.map((row) => String(row.key));
}
