import type { Statement } from './db/database.ts';

const texts = {
  countProducts: 'select count(*)::integer as total from "tenant".products',
  listProducts: `select id, sku, name, category, price_cents as "priceCents" from "tenant".products
    order by id limit $1 offset $2`,
  getProduct: `select id, sku, name, description, category, price_cents as "priceCents", available
    from "tenant".products join "tenant".stock on product_id = id where id = $1`,
  searchProducts: `select id, sku, name, category, price_cents as "priceCents" from "tenant".products
    where search @@ websearch_to_tsquery('english', $1) order by id limit $2`,
  putCart: 'select "tenant".put_cart($1, $2, $3) as body',
  getCart: `select json_build_object('id', id, 'lines', lines, 'totalCents', total_cents)::text as body
    from "tenant".carts where id = $1`,
  placeOrder: 'select body, replayed from "tenant".place_order($1, $2, $3)',
  getOrder: 'select "tenant".order_body(id) as body from "tenant".orders where idempotency_key = $1 limit 1',
  openSession: 'insert into "tenant".sessions (id, name) values ($1, $2) on conflict do nothing',
  getSession: 'select name from "tenant".sessions where id = $1',
};

export type Queries = Record<keyof typeof texts, Statement>;

/** The shop's statements against the tables of one tenant. */
export function queriesOf(tenant: string): Queries {
  const statements = Object.entries(texts).map(([name, text]) => [
    name,
    { name: `${tenant}.${name}`, text: text.replaceAll('"tenant"', `tenant_${tenant}`) },
  ]);
  return Object.fromEntries(statements) as Queries;
}
