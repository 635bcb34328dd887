import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DnsServer, startDns } from '../infra-under-test/storefront/test/dns.ts';
import { type Postgres, startPostgres } from '../infra-under-test/storefront/test/postgres.ts';
import {
  migrated,
  placeOrder,
  putCart,
  readerName,
  startShop,
  type TestShop,
  tenants,
  writerName,
} from '../infra-under-test/storefront/test/shop.ts';
import { linesText, sameForm } from '../src/model/order-lines.ts';
import { billOf, isBill, isPage, isProduct, isSearch, isSession } from '../src/model/shop-answers.ts';

/* Answers of the real shop, as they are and spoilt in the ways a shop goes wrong. */
let database: Postgres;
let dns: DnsServer;
let pod: TestShop;

beforeAll(async () => {
  [database, dns] = await Promise.all([startPostgres(), startDns()]);
  await migrated(database);
  dns.point(writerName, [database.port]);
  dns.point(readerName, [database.port]);
  pod = await startShop(dns);
}, 60_000);

afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await dns[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const textOf = async (url: string, tenant = 'north'): Promise<string> =>
  JSON.stringify((await pod.send({ url, headers: { 'x-tenant': tenant } })).body);
const north = { own: 'north', all: tenants };

test('a product is the one that was asked for, of the own tenant', async () => {
  const text = await textOf('/products/7');
  expect(isProduct(text, 'north', 7)).toBe(true);
  expect(isProduct(text, 'north', 70)).toBe(false);
  expect(isProduct(await textOf('/products/70'), 'north', 7)).toBe(false);
  expect(isProduct(await textOf('/products/7', 'south'), 'north', 7)).toBe(false);
  expect(isProduct('{}', 'north', 7)).toBe(false);
});

test('a page has its own items, all of the own tenant', async () => {
  for (const page of [1, 40]) expect(isPage(await textOf(`/products?page=${page}&size=24`), north, page)).toBe(true);
  const text = await textOf('/products?page=2&size=24');
  expect(isPage(text, north, 1)).toBe(false);
  expect(isPage(await textOf('/products?page=2&size=23'), north, 2)).toBe(false);
  expect(isPage(await textOf('/products?page=2&size=24', 'south'), north, 2)).toBe(false);
  expect(isPage('{"items":[],"page":2,"size":24,"total":10000}', north, 2)).toBe(false);
  expect(isPage(text.replace('north-30', 'south-30'), north, 2)).toBe(false);
});

test('a search finds something with the word, of the own tenant, for each word that shoppers search', async () => {
  const words = ['lamp', 'desk', 'wool', 'oak', 'steel', 'brass', 'large', 'kitchen', 'garden', 'travel'];
  for (const tenant of tenants)
    for (const word of words) {
      const found = await textOf(`/search?q=${word}`, tenant);
      expect(isSearch(found, { own: tenant, all: tenants }, word), `${tenant} ${word}`).toBe(true);
    }
  expect(isSearch('{"items":[]}', north, 'oak')).toBe(false);
  expect(isSearch(await textOf('/search?q=oak', 'south'), north, 'oak')).toBe(false);
  const oak = await textOf('/search?q=oak');
  expect(isSearch(oak, north, 'marble')).toBe(false);
  expect(isSearch(oak.replace(/north-(\d+)"(?!.*north)/, 'south-$1"'), north, 'oak')).toBe(false);
});

test("a session has the shopper's own name", async () => {
  const { body } = await pod.send({ method: 'POST', url: '/sessions', payload: { name: 'Ada' } });
  const text = await textOf(`/sessions/${body.id}`);
  expect([isSession(text, 'Ada'), isSession(text, 'Bob'), isSession('oh', 'Ada')]).toEqual([true, false, false]);
});

describe('a bill', () => {
  const lines = [
    { productId: 121, quantity: 2 },
    { productId: 7, quantity: 1 },
  ];
  const asked = { name: 'one', lines: linesText(lines), totalCents: null };

  test.each([
    ['a cart', () => putCart('one', lines)],
    ['an order', () => placeOrder('one', { lines })],
  ])('of %s has what was asked for, at prices that add up', async (_, request) => {
    const { body } = await pod.send(request());
    const is = (changed: object, of: object = asked) =>
      isBill(billOf(JSON.stringify({ ...body, ...changed })), { ...asked, ...of });
    expect(is({})).toBe(true);
    expect(is({}, { totalCents: body.totalCents })).toBe(true);
    expect(is({}, { totalCents: body.totalCents + 1 })).toBe(false);
    expect(is({ totalCents: 1 })).toBe(false);
    expect(is({ lines: body.lines.slice(1) })).toBe(false);
    expect(is({ lines: [], totalCents: 0 })).toBe(false);
    expect(is({ lines: 'none' })).toBe(false);
    expect(is({}, { name: 'another' })).toBe(false);
    expect(is({}, { lines: '121x1+7x1' })).toBe(false);
  });

  test('that is none', () => {
    for (const text of ['', 'null', '{}', '[]', '{"lines":[null],"totalCents":1}'])
      expect(isBill(billOf(text), asked), text).toBe(false);
  });
});

test('lines have one form, whoever writes them', () => {
  expect(
    linesText([...[{ productId: 40, quantity: 1 }], { productId: 12, quantity: 1 }, { productId: 40, quantity: 1 }]),
  ).toBe('12x1+40x2');
  expect(sameForm('box-4x1+40x1+12x1+40x1')).toBe('12x1+40x2+box-4x1');
});
