import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogueSize, seedCatalogue } from './seed.ts';
import { type DnsServer, startDns } from './test/dns.ts';
import { type Postgres, startPostgres } from './test/postgres.ts';
import { migrated, placeOrder, putCart, readerName, startShop, type TestShop, writerName } from './test/shop.ts';

let database: Postgres;
let dns: DnsServer;
let pod: TestShop;

beforeAll(async () => {
  [database, dns] = await Promise.all([startPostgres(), startDns()]);
  await migrated(database);
  dns.point(writerName, [database.port]);
  dns.point(readerName, [database.port]);
  pod = await startShop(dns);
}, 20_000);

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await dns[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('the catalogue', () => {
  test('is the seed, page by page, whatever the size of a page', async () => {
    const seed = seedCatalogue('north').map(({ id, sku, name, category, priceCents }) => ({
      id,
      sku,
      name,
      category,
      priceCents,
    }));
    const paging = fc.record({ page: fc.integer({ min: 1, max: 500 }), size: fc.integer({ min: 1, max: 100 }) });
    await fc.assert(
      fc.asyncProperty(paging, async ({ page, size }) => {
        const { body } = await pod.send(`/products?page=${page}&size=${size}`);
        expect(body).toEqual({ items: seed.slice((page - 1) * size, page * size), page, size, total: catalogueSize });
      }),
      { numRuns: 50 },
    );
  });

  test('shows a product with what is available', async () => {
    const { status, headers, body } = await pod.send('/products/7');
    expect(status).toBe(200);
    expect(headers['x-pod']).toBe('pod-1');
    expect(body).toEqual({ ...seedCatalogue('north')[6], available: 1_000_000 });
    expect(Object.keys(body).toSorted()).toEqual([
      'available',
      'category',
      'description',
      'id',
      'name',
      'priceCents',
      'sku',
    ]);
  });

  test('finds every product whose text has all the words, in any form', async () => {
    const { body } = await pod.send('/search?q=oak%20lamps&size=100');
    const expected = seedCatalogue('north').filter(({ name }) => /\boak\b/i.test(name) && /\blamp\b/i.test(name));
    const found = body.items.map(({ id }: { id: number }) => id);
    expect(found).toEqual(expected.slice(0, 100).map(({ id }) => id));
  });

  test.each([
    ['/products/10001', 404],
    ['/products/oak', 400],
    ['/products?page=0', 400],
    ['/search', 400],
    ['/nothing', 404],
  ])('answers %s with %i', async (url, status) => {
    const answer = await pod.send(url);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: expect.any(String), message: expect.any(String) });
  });
});

describe('a cart', () => {
  test('holds the lines of the last put, at the prices of the catalogue', async () => {
    const prices = seedCatalogue('north').map(({ priceCents }) => priceCents);
    const line = fc.record({
      productId: fc.integer({ min: 1, max: catalogueSize }),
      quantity: fc.integer({ min: 1, max: 1000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 50 }), async (lines) => {
        const priced = lines.map((line) => ({ ...line, priceCents: prices[line.productId - 1] as number }));
        const totalCents = priced.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
        const expected = { id: 'mine', lines: priced, totalCents };
        expect((await pod.send(putCart('mine', lines))).body).toEqual(expected);
        expect((await pod.send('/carts/mine')).body).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('is refused when a product is unknown, and stays as it was', async () => {
    await pod.send(putCart('kept', [{ productId: 1, quantity: 1 }]));
    expect((await pod.send(putCart('kept', [{ productId: 10_001, quantity: 1 }]))).status).toBe(422);
    expect((await pod.send('/carts/kept')).body.lines).toHaveLength(1);
  });
});

describe('an order', () => {
  test('of a cart takes its lines, its total and the stock', async () => {
    const cart = await pod.send(
      putCart('paid', [
        { productId: 121, quantity: 2 },
        { productId: 120, quantity: 1 },
      ]),
    );
    const placed = await pod.send(placeOrder('cart-1', { cartId: 'paid' }));
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({ key: 'cart-1', status: 'paid', totalCents: cart.body.totalCents });
    expect(placed.body.lines).toEqual(cart.body.lines.toReversed());
    expect((await pod.send('/products/121')).body.available).toBe(999_998);
    expect((await pod.send('/orders/cart-1')).body).toEqual(placed.body);
  });

  test('is one order even when the same key is sent twenty times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => pod.send(placeOrder('once'))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(answers.filter(({ headers }) => headers['idempotent-replay'] === 'true')).toHaveLength(19);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await ordersWithKey('once')).toBe(1);
  });

  test('is refused when the stock does not suffice, and takes nothing', async () => {
    await database.sql('update tenant_north.stock set available = 5 where product_id = 99', 'shop');
    const lines = [
      { productId: 98, quantity: 1 },
      { productId: 99, quantity: 6 },
    ];
    const refused = await pod.send(placeOrder('too-much', { lines }));
    expect([refused.status, refused.body.error]).toEqual([409, 'out-of-stock']);
    expect((await pod.send('/orders/too-much')).status).toBe(404);
    expect((await pod.send('/products/98')).body.available).toBe(1_000_000);
  });

  test('never sells more than there is, however many want it at once', async () => {
    await database.sql('update tenant_north.stock set available = 5 where product_id = 77', 'shop');
    const lines = [
      { productId: 77, quantity: 1 },
      { productId: 3, quantity: 1 },
    ];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => pod.send(placeOrder(`last-${n}`, { lines }))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(5).fill(201), ...Array(7).fill(409)]);
  });

  test.each([
    [{ cartId: 'nobodys' }, 404],
    [{ lines: [{ productId: 10_001, quantity: 1 }] }, 422],
    [{ lines: [] }, 400],
    [{}, 400],
  ])('from %j is answered with %i', async (payload, status) => {
    expect((await pod.send(placeOrder('refused', payload))).status).toBe(status);
  });
});

describe('a session', () => {
  const open = (name: string) => pod.send({ method: 'POST', url: '/sessions', payload: { name } });

  test('is remembered, for its own tenant alone', async () => {
    const { status, headers, body } = await open('Ada');
    expect([status, body.name, headers['set-cookie']]).toEqual([201, 'Ada', undefined]);
    expect((await pod.send(`/sessions/${body.id}`)).body).toEqual(body);
    expect((await pod.send({ url: `/sessions/${body.id}`, headers: { 'x-tenant': 'south' } })).status).toBe(404);
  });

  test.each([
    ['0b0b0b0b-0000-4000-8000-000000000000', 404],
    ['nonsense', 400],
  ])('named %s is answered with %i', async (id, status) => {
    expect((await pod.send(`/sessions/${id}`)).status).toBe(status);
  });

  test('needs a name', async () => expect((await open('')).status).toBe(400));
});

describe('tenants', () => {
  test('share nothing: neither catalogues nor carts nor keys of orders', async () => {
    const inSouth = { headers: { 'x-tenant': 'south' } };
    await pod.send(putCart('ours', [{ productId: 1, quantity: 1 }]));
    const north = await pod.send(placeOrder('both'));
    const order = placeOrder('both');
    const south = await pod.send({ ...order, headers: { ...order.headers, ...inSouth.headers } });
    expect([north.status, south.status]).toEqual([201, 201]);
    expect(north.body.id).not.toBe(south.body.id);
    expect((await pod.send({ url: '/carts/ours', ...inSouth })).status).toBe(404);
    expect((await pod.send({ url: '/products/7', ...inSouth })).body.name).toBe(seedCatalogue('south')[6]?.name);
    expect((await pod.send('/products/7')).body.name).toBe(seedCatalogue('north')[6]?.name);
  });

  test.each([
    [undefined, 400],
    ['west', 404],
  ])('are named by every request: %s is answered with %i', async (tenant, status) => {
    const response = await pod.shop.app.inject({ url: '/products', headers: tenant ? { 'x-tenant': tenant } : {} });
    expect(response.statusCode).toBe(status);
    expect(response.headers['x-pod']).toBe('pod-1');
  });

  test('are all seen by the auditor, who sees nothing else', async () => {
    await pod.send(placeOrder('run7-1'));
    const seen = await database.sql(
      "set role auditor; select tenant, idempotency_key, id, created_at, total_cents, status from shop.orders where idempotency_key like 'run7-%'",
      'shop',
    );
    expect((seen as unknown as { rows: object[] }[])[1]?.rows).toEqual([expect.objectContaining({ tenant: 'north' })]);
    await expect(database.sql('set role auditor; select * from tenant_north.carts', 'shop')).rejects.toThrow('denied');
  });
});

test('metrics tell of every route', async () => {
  await pod.send('/products');
  const { body } = await pod.send('/metrics');
  expect(body).toContain('http_responses_total{route="/products",status="200"}');
  expect(body).toContain('http_request_duration_seconds_bucket{le="0.1",route="/products"}');
});

async function ordersWithKey(key: string): Promise<number> {
  const { rowCount } = await database.sql(`select from shop.orders where idempotency_key = '${key}'`, 'shop');
  return rowCount ?? 0;
}
