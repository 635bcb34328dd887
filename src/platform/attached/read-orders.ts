import pg from 'pg';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { OrdersSource } from '../../model/config.ts';
import type { StoredOrder } from '../../model/facets.ts';
import { linesPattern, sameForm } from '../../model/order-lines.ts';
import { problemsIn } from '../../model/problems-in.ts';
import { withoutSecrets } from '../../model/secrets.ts';
import { fill, headersOf } from '../../model/shop-request.ts';
import { longestOrdersBytes, textOf } from '../../runtime/bounded-text.ts';
import { dialling, familyOf } from '../../runtime/way.ts';

/** A bigint or a numeric comes from the driver as text. */
const digits = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number);

const rowSchema = z.object({
  key: z.string(),
  order_id: z.union([z.string(), z.number(), z.bigint()]).transform(String),
  /** A time stamp of the database, an ISO 8601 text, or epoch milliseconds. */
  created_at: z
    .union([z.date(), z.iso.datetime({ offset: true }), z.number(), digits])
    .transform((at) => new Date(at).getTime()),
  lines: z.string().regex(linesPattern, 'must be lines such as 12x1+40x2').transform(sameForm).nullish(),
  total_cents: z.union([z.number(), digits]).pipe(z.int()).nullish(),
});

/** Reads the orders whose key starts with a prefix, as the config says. @throws with what went wrong, without any secret. */
export async function readOrders(source: OrdersSource, shopUrl: string, keyPrefix: string): Promise<StoredOrder[]> {
  const rows = source.from === 'sql' ? await bySql(source, keyPrefix) : await byHttp(source, shopUrl, keyPrefix);
  const parsed = z.array(rowSchema).safeParse(rows);
  if (!parsed.success) throw new Error(`not a list of key, order_id and created_at:\n${problemsIn(parsed.error)}`);
  return parsed.data.map((row) => ({
    key: row.key,
    orderId: row.order_id,
    createdAtUs: row.created_at * 1000,
    lines: row.lines ?? null,
    totalCents: row.total_cents ?? null,
  }));
}

const neededColumns = ['key', 'order_id', 'created_at'];
type Sql = Extract<OrdersSource, { from: 'sql' }>;
type Http = Extract<OrdersSource, { from: 'http' }>;

async function bySql({ url, query, timeoutMs }: Sql, keyPrefix: string): Promise<unknown> {
  const secret = process.env[url.env] ?? '';
  try {
    const client = new pg.Client({
      connectionString: `${url.prefix}${secret}`,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    // A connection that breaks while nobody waits for it is told by the query that follows.
    client.on('error', () => {});
    await client.connect();
    try {
      // The query is somebody's own: whatever it says, it changes nothing.
      await client.query('begin read only');
      const { rows, fields } = await client.query(query, [keyPrefix]);
      // Without a row nothing else would tell.
      const missing = neededColumns.filter((name) => !fields.some((field) => field.name === name));
      if (missing.length > 0) throw new Error(`not a list of key, order_id and created_at: no ${missing.join(', ')}`);
      return rows;
    } finally {
      await client.end();
    }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Error(withoutSecrets(message || code || 'the database gave no reason', [secret]));
  }
}

async function byHttp(source: Http, shopUrl: string, keyPrefix: string): Promise<unknown> {
  const filling = { number: () => 1, key: encodeURIComponent(keyPrefix) };
  const baseUrl = source.baseUrl ?? shopUrl;
  const dispatcher = new Agent({ connect: dialling(baseUrl, await familyOf(baseUrl), source.timeoutMs) });
  try {
    const { statusCode, body } = await request(new URL(fill(source.path, filling), baseUrl), {
      dispatcher,
      headers: headersOf(source, filling, process.env),
      signal: AbortSignal.timeout(source.timeoutMs),
    });
    return jsonOf(source.path, statusCode, await textOf(body, longestOrdersBytes));
  } finally {
    await dispatcher.destroy();
  }
}

function jsonOf(path: string, statusCode: number, text: string): unknown {
  if (statusCode !== 200) throw new Error(`GET ${path} answers ${statusCode}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`GET ${path} does not answer with JSON`);
  }
}
