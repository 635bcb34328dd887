/** A small attached shop, for drills by config. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Place, startTenfold } from './harness.ts';

export const token = 'a-token-that-must-not-be-written-down';
export const env = { SHOP_TOKEN: token };

/** A small shop: products, orders by idempotency key, and a ledger for those who have the token. */
export interface Shop extends AsyncDisposable {
  url: string;
  /** While this file is there, nothing can be ordered. */
  broken: string;
  folder: string;
  orders: Map<string, { key: string; order_id: number; created_at: string }>;
}

export async function startShop(place: Place): Promise<Shop> {
  const folder = join(place.mark, 'shop');
  await mkdir(folder, { recursive: true });
  const broken = join(folder, 'broken');
  const orders: Shop['orders'] = new Map();
  const answer = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://shop');
    request.resume();
    if (url.pathname.startsWith('/products/')) answer(response, 200, { id: Number(url.pathname.slice(10)) });
    // Like a gateway that lets one of the instruments through, and not the other.
    else if (url.pathname.startsWith('/orders/')) answer(response, url.pathname.endsWith('k6') ? 403 : 201, {});
    else if (url.pathname === '/old') answer(response, 302, {}, { location: '/products/1?secret=1' });
    else if (url.pathname === '/orders' && existsSync(broken)) answer(response, 503, { error: 'no writer' });
    else if (request.method === 'POST' && url.pathname === '/orders') {
      const key = String(request.headers['idempotency-key']);
      const order = orders.get(key) ?? { key, order_id: orders.size + 1, created_at: new Date().toISOString() };
      orders.set(key, order);
      answer(response, 201, { id: order.order_id });
    } else if (url.pathname === '/ledger' && request.headers.authorization === `Bearer ${token}`) {
      const prefix = url.searchParams.get('prefix') ?? '';
      answer(
        response,
        200,
        [...orders.values()].filter(({ key }) => key.startsWith(prefix)),
      );
    } else answer(response, url.pathname === '/ledger' ? 401 : 404, {});
  };
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken,
    folder,
    orders,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Settings = Record<string, unknown>;

/** A config for the shop, with a test's changes. */
export function configOf(shop: Shop, changed: Settings = {}, fault: Settings = {}): Settings {
  const order = { method: 'POST', path: '/orders', headers: { 'idempotency-key': '{key}' }, expectStatus: [200, 201] };
  return {
    baseUrl: shop.url,
    paths: {
      read: { limitMs: 1_000, probe: { path: '/products/{n:50}', expectText: '"id"' } },
      write: { limitMs: 1_000, probe: order, requests: [{ ...order, order: true }] },
    },
    traffic: { baselineRatePerSecond: 6, writeShare: 0.2 },
    probing: { pooledEveryMs: 20, newEveryMs: 50 },
    orders: {
      from: 'http',
      path: '/ledger?prefix={key}',
      headers: { authorization: { env: 'SHOP_TOKEN', prefix: 'Bearer ' } },
    },
    drills: {
      'traffic-alone': { title: 'Traffic alone', why: 'It has to hold.', fault: null },
      'no-orders': {
        title: 'Nothing can be ordered for 4 s',
        why: 'Orders have to come back.',
        fault: {
          summary: 'the shop cannot write',
          lastsMs: 4_000,
          inject: { argv: ['touch', 'broken'], timeoutMs: 5_000 },
          // It repeats the secret, which must not get any further.
          prove: { argv: ['sh', '-c', `test -e broken && echo "orders are refused, $SHOP_TOKEN"`], timeoutMs: 5_000 },
          undo: { argv: ['rm', '-f', 'broken'], timeoutMs: 5_000 },
          ...fault,
        },
        recovery: { write: 10_000, read: 5_000 },
      },
    },
    ...changed,
  };
}

export async function writeConfig(shop: Shop, config: unknown): Promise<string> {
  const file = join(shop.folder, 'tenfold.config.ts');
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  await writeFile(file, text === undefined ? 'export {}' : `export default ${text};\n`);
  return file;
}

export const drill = (place: Place, name: string, config: string, more: Record<string, string> = env) =>
  startTenfold(place, ['run', name, '--config', config, '--profile', 'brief', '--reports', place.reports], more);
