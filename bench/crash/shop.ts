/** A small shop for drills that are struck: products, orders, and a file that breaks it while it exists. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Shop extends AsyncDisposable {
  /** Its tenfold.config.ts. */
  config: string;
  isBroken(): boolean;
  /** Mends it by hand, so that leftovers of one drill are not found after the next one. */
  mend(): Promise<void>;
  /** Accepts no connections and ends those that exist, until it opens again at the same addresses. */
  close(): Promise<void>;
  open(): Promise<void>;
}

interface Order {
  key: string;
  order_id: number;
  created_at: string;
}

const zones = ['a', 'b', 'c'];

/** Opens the shop: an edge, and a replica in each of three zones. Its config goes to the folder. */
export async function startShop(folder: string): Promise<Shop> {
  await mkdir(folder, { recursive: true });
  const broken = join(folder, 'broken');
  const orders = new Map<string, Order>();
  const counters = ['edge', ...zones].map(() => createServer((request, response) => answer(request, response)));
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const { status, body } = answerTo(request, orders, existsSync(broken));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const ports: number[] = [];
  for (const counter of counters) ports.push(await listen(counter, 0));
  const config = join(folder, 'tenfold.config.ts');
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  await writeFile(config, `export default ${JSON.stringify(configOf(urls))};\n`);
  const close = async () => await Promise.all(counters.map(shut)).then(() => {});
  return {
    config,
    isBroken: () => existsSync(broken),
    mend: () => rm(broken, { force: true }),
    close,
    open: async () =>
      await Promise.all(counters.map((counter, index) => listen(counter, ports[index] ?? 0))).then(() => {}),
    [Symbol.asyncDispose]: close,
  };
}

function answerTo(
  { method, url = '/', headers }: IncomingMessage,
  orders: Map<string, Order>,
  isBroken: boolean,
): { status: number; body: unknown } {
  const { pathname, searchParams } = new URL(url, 'http://shop');
  if (pathname.startsWith('/products/')) return { status: 200, body: { id: Number(pathname.slice(10)) } };
  if (pathname === '/ledger') {
    const prefix = searchParams.get('prefix') ?? '';
    return { status: 200, body: [...orders.values()].filter(({ key }) => key.startsWith(prefix)) };
  }
  if (method !== 'POST' || pathname !== '/orders') return { status: 404, body: {} };
  if (isBroken) return { status: 503, body: { error: 'no writer' } };
  const key = String(headers['idempotency-key']);
  const order = orders.get(key) ?? { key, order_id: orders.size + 1, created_at: new Date().toISOString() };
  orders.set(key, order);
  return { status: 201, body: { id: order.order_id } };
}

async function listen(server: Server, port: number): Promise<number> {
  if (server.listening) return port;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function shut(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** How long a fault lasts when it is taken back under load, and how long its commands may take. */
const [lastsMs, injectMs, undoMs] = [9_000, 9_000, 4_000];
/** From injection to expiry after a drill's death: 30 s more than all these together (chaos/command/by-command.ts). */
export const expiresAfterMs = injectMs + lastsMs + undoMs + 30_000;

function configOf([baseUrl, ...replicas]: string[]) {
  const order = { method: 'POST', path: '/orders', headers: { 'idempotency-key': '{key}' }, expectStatus: [200, 201] };
  const fault = {
    summary: 'nothing can be ordered',
    // As slow as a command that asks a cluster: one that outlives its drill breaks what was mended before.
    inject: { argv: ['sh', '-c', 'sleep 4; touch broken; sleep 0.5'], timeoutMs: injectMs },
    prove: { argv: ['sh', '-c', 'sleep 0.3; test -e broken && echo "orders are refused"'], timeoutMs: 10_000 },
    undo: { argv: ['sh', '-c', 'sleep 0.3; rm -f broken'], timeoutMs: undoMs },
  };
  const recovery = { write: 15_000, read: 5_000 };
  return {
    baseUrl,
    replicas: replicas.map((url, index) => ({ name: `shop-${zones[index]}`, zone: zones[index], baseUrl: url })),
    paths: {
      read: { limitMs: 1_000, probe: { path: '/products/{n:50}', expectText: '"id"' } },
      write: { limitMs: 1_000, probe: order, requests: [{ ...order, order: true }] },
    },
    traffic: { baselineRatePerSecond: 4, writeShare: 0.2 },
    probing: { pooledEveryMs: 50, newEveryMs: 100, replicaEveryMs: 100 },
    orders: { from: 'http', path: '/ledger?prefix={key}' },
    drills: {
      'traffic-alone': { title: 'Traffic alone', why: 'To be struck.', fault: null },
      'no-orders': {
        title: 'Nothing can be ordered for some seconds',
        why: 'To be struck.',
        fault: { ...fault, lastsMs },
        recovery,
      },
      'no-orders-any-more': {
        title: 'Nothing can be ordered until the load has ended',
        why: 'To be struck.',
        fault,
        recovery: {},
      },
    },
  };
}
