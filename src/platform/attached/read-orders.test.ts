import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../../infra-under-test/storefront/test/postgres.ts';
import type { OrdersSource } from '../../model/config.ts';
import { readOrders } from './read-orders.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.sql(
    `create table orders (key text, id bigint, created_at timestamptz, lines text, cents numeric);
     insert into orders values ('run-1', 7, '2026-01-02T03:04:05.006Z', '40x1+12x1+40x1', 1995), ('run-1', 8, '2026-01-02T03:04:06Z', null, null),
       ('other', 9, now(), 'two lamps', 1)`,
    'shop',
  );
  process.env.SHOP_TEST_DB = `postgres://postgres:the-password@127.0.0.1:${postgres.port}/shop`;
}, 60_000);
afterAll(async () => {
  delete process.env.SHOP_TEST_DB;
  await postgres[Symbol.asyncDispose]();
});

const by = (query: string): OrdersSource => ({
  from: 'sql',
  url: { env: 'SHOP_TEST_DB', prefix: '' },
  query,
  timeoutMs: 2_000,
});
const read = (query: string) => readOrders(by(query), 'http://unused', 'run-');

test('orders of a run come from a real database, each copy of a key', async () => {
  const query = 'select key, id as order_id, created_at from orders where starts_with(key, $1) order by id';
  const unknown = { lines: null, totalCents: null };
  expect(await read(query)).toEqual([
    { key: 'run-1', orderId: '7', createdAtUs: Date.UTC(2026, 0, 2, 3, 4, 5, 6) * 1000, ...unknown },
    { key: 'run-1', orderId: '8', createdAtUs: Date.UTC(2026, 0, 2, 3, 4, 6) * 1000, ...unknown },
  ]);
});

test('lines and totals come where there are any, and times as numbers of any type', async () => {
  const query = `select key, id as order_id, extract(epoch from created_at) * 1000 as created_at, lines, cents as total_cents
    from orders where starts_with(key, $1) order by id`;
  expect(await read(query)).toMatchObject([
    { createdAtUs: Date.UTC(2026, 0, 2, 3, 4, 5, 6) * 1000, lines: '12x1+40x2', totalCents: 1995 },
    { createdAtUs: Date.UTC(2026, 0, 2, 3, 4, 6) * 1000, lines: null, totalCents: null },
  ]);
});

test.each([
  ['other columns', 'select key from orders where key > $1', /not a list of key, order_id and created_at: no order_id/],
  ['other columns, without a row', 'select key from orders where key = $1', /no order_id, created_at/],
  [
    'lines that are none',
    "select key, id as order_id, created_at, lines from orders where lines like 'two%' and $1 > ''",
    /must be lines such as 12x1\+40x2/,
  ],
  ['a table that is not there', 'select $1 from nowhere', /relation "nowhere" does not exist/],
  ['a query that changes something', 'delete from orders where key > $1', /read-only transaction/],
  ['a query that takes too long', 'select pg_sleep(20), $1', /timeout/],
])('%s is told, without the password', async (_, query, message) => {
  const error = (await read(query).catch((e: unknown) => e)) as Error;
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('the-password');
});
