import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { readTenants } from './config.ts';
import { type Protection, protectionsWithout } from './protections.ts';
import { type Product, seedCatalogue } from './seed.ts';

const initialStock = 1_000_000;

/** Creates the shop's schema and fills the catalogue of every tenant. Run again, it keeps what is there. */
export async function migrate(client: pg.Client, tenants: string[], protections: Set<Protection>): Promise<void> {
  const schema = await readFile(new URL('./schema.sql', import.meta.url), 'utf8');
  await client.query('begin');
  await client.query(await readFile(new URL('./uuidv7.sql', import.meta.url), 'utf8'));
  for (const tenant of tenants) {
    await client.query(schema.replaceAll('"tenant"', `tenant_${tenant}`));
    await seedTenant(client, tenant);
    await indexTenant(client, tenant, protections);
  }
  await client.query(auditorsView(tenants));
  await client.query('commit');
  await client.query(
    `analyze ${tenants.map((tenant) => `tenant_${tenant}.products, tenant_${tenant}.stock`).join(', ')}`,
  );
}

async function seedTenant(client: pg.Client, tenant: string): Promise<void> {
  const { rowCount } = await client.query(`select from tenant_${tenant}.products limit 1`);
  if (rowCount) return;
  const products = seedCatalogue(tenant);
  const column = <K extends keyof Product>(key: K) => products.map((product) => product[key]);
  await client.query(
    `insert into tenant_${tenant}.products (id, sku, name, description, category, price_cents)
     select * from unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[])`,
    [column('id'), column('sku'), column('name'), column('description'), column('category'), column('priceCents')],
  );
  await client.query(
    `insert into tenant_${tenant}.stock (product_id, available) select id, $1 from tenant_${tenant}.products`,
    [initialStock],
  );
}

async function indexTenant(client: pg.Client, tenant: string, protections: Set<Protection>): Promise<void> {
  const unique = protections.has('idempotent-orders') ? 'unique' : '';
  await client.query(`
    create index if not exists products_search on tenant_${tenant}.products using gin (search) with (fastupdate = off);
    drop index if exists tenant_${tenant}.orders_idempotency_key;
    create ${unique} index orders_idempotency_key on tenant_${tenant}.orders (idempotency_key);`);
}

/** All orders of all tenants with their lines, for auditors only. */
function auditorsView(tenants: string[]): string {
  const ofAll = (columns: string, table: string) =>
    tenants
      .map((tenant) => `select '${tenant}'::text as tenant, ${columns} from tenant_${tenant}.${table}`)
      .join(' union all ');
  return `create schema if not exists shop;
          create or replace view shop.orders as ${ofAll('id, idempotency_key, total_cents, status, created_at', 'orders')};
          create or replace view shop.order_lines as ${ofAll('order_id, product_id, quantity, price_cents', 'order_lines')};
          grant usage on schema shop to auditor;
          grant select on shop.orders, shop.order_lines to auditor;`;
}

async function main(): Promise<void> {
  const { env } = process;
  const client = new pg.Client({
    host: env.DB_HOST ?? '127.0.0.1',
    port: Number(env.DB_PORT ?? 5432),
    database: env.DB_NAME ?? 'shop',
    user: env.DB_USER ?? 'postgres',
    password: env.DB_PASSWORD ?? '',
  });
  const tenants = readTenants(env.TENANTS ?? 'north,south');
  const protections = protectionsWithout(env.WITHOUT ?? '');
  await client.connect();
  try {
    await migrate(client, tenants, protections);
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`storefront: the database was not migrated: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
