import pg from 'pg';
import type { StoredOrder } from '../model/facets.ts';
import { linesText } from '../model/order-lines.ts';

/** A connection to the database of the shop under test, as a role that may read its orders. */
export interface AuditorAccess {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

/** Reads orders back from the database's writer, as an auditor would: around the shop. */
export async function readStorefrontOrders(
  access: AuditorAccess,
  keyPrefix: string,
  sinceMs: number,
): Promise<StoredOrder[]> {
  const client = new pg.Client({ ...access, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while nobody waits for it is told by the query that follows.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query(
      `select idempotency_key as "key", id::text as "orderId", (extract(epoch from created_at) * 1000000)::bigint::text as us,
           total_cents::text as cents, lines
         from shop.orders o left join (
           select tenant, order_id as id, json_agg(json_build_object('productId', product_id, 'quantity', quantity)) as lines
           from shop.order_lines group by tenant, order_id
         ) l using (tenant, id)
         where starts_with(idempotency_key, $1) or created_at >= to_timestamp($2::double precision / 1000) order by 1, 2`,
      [keyPrefix, sinceMs],
    );
    return rows.map(({ key, orderId, us, cents, lines }) => ({
      key,
      orderId,
      createdAtUs: Number(us),
      lines: lines === null ? 'none' : linesText(lines),
      totalCents: Number(cents),
    }));
  } finally {
    await client.end();
  }
}
