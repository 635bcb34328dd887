import type { InjectOptions } from 'fastify';
import pg from 'pg';
import { readConfig } from '../config.ts';
import { migrate } from '../migrate.ts';
import { protectionsWithout } from '../protections.ts';
import { createShop, type Shop } from '../shop.ts';
import type { DnsServer } from './dns.ts';
import type { Postgres } from './postgres.ts';

export const writerName = '_postgresql._tcp.shop.cluster-local.region.internal';
export const readerName = '_postgresql._tcp.shop.cluster-ro-local.region.internal';
export const tenants = ['north', 'south'];
export const catalogueFreshMs = 500;

/** The shop's schema and catalogue on a server. */
export async function migrated(server: Postgres, without = ''): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'shop' });
  await client.connect();
  await migrate(client, tenants, protectionsWithout(without));
  await client.end();
}

export interface TestShop extends AsyncDisposable {
  shop: Shop;
  send(request: InjectOptions | string): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ from route to route
  body: any;
}

/** A pod in this process, warm unless told otherwise; requests without a tenant are sent as the first tenant's. */
export async function startShop(
  dns: DnsServer,
  without = '',
  { warm = true, redisUrl = '' }: { warm?: boolean; redisUrl?: string } = {},
): Promise<TestShop> {
  const config = readConfig({
    POD_NAME: 'pod-1',
    DNS_SERVER: dns.address,
    DB_WRITER_NAME: writerName,
    DB_READER_NAME: readerName,
    DB_NAME: 'shop',
    DB_USER: 'shop',
    TENANTS: tenants.join(','),
    CATALOGUE_FRESH_MS: String(catalogueFreshMs),
    WITHOUT: without,
    REDIS_URL: redisUrl,
  });
  const shop = createShop(config, (error) => process.stderr.write(`${error}\n`));
  await shop.app.ready();
  if (warm) await shop.start();

  async function send(request: InjectOptions | string): Promise<Answer> {
    const options = typeof request === 'string' ? { url: request } : request;
    const response = await shop.app.inject({ ...options, headers: { 'x-tenant': tenants[0], ...options.headers } });
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? response.json() : response.payload,
    };
  }

  return { shop, send, [Symbol.asyncDispose]: shop.close };
}

export const putCart = (cartId: string, lines: { productId: number; quantity: number }[]): InjectOptions => ({
  method: 'PUT',
  url: `/carts/${cartId}`,
  payload: { lines },
});

export const placeOrder = (
  key: string,
  payload: object = { lines: [{ productId: 1, quantity: 1 }] },
): InjectOptions => ({
  method: 'POST',
  url: '/orders',
  headers: { 'idempotency-key': key },
  payload,
});
