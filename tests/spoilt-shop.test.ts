import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DnsServer, startDns } from '../infra-under-test/storefront/test/dns.ts';
import { type Postgres, startPostgres } from '../infra-under-test/storefront/test/postgres.ts';
import {
  migrated,
  readerName,
  startShop,
  type TestShop,
  tenants,
  writerName,
} from '../infra-under-test/storefront/test/shop.ts';
import { analyse } from '../src/analysis/analyse.ts';
import { liveCsvs, sealEvidence, writeOrders } from '../src/drill/evidence.ts';
import { findK6 } from '../src/load/find-k6.ts';
import { runWorkers } from '../src/load/run-workers.ts';
import { evidenceFiles } from '../src/model/evidence.ts';
import type { StoredOrder } from '../src/model/facets.ts';
import type { Facts } from '../src/model/facts.ts';
import type { Plan } from '../src/model/plan.ts';
import { loadSpec } from '../src/plan/make-plan.ts';
import { rootFolder } from '../src/runtime/processes.ts';

/*
 * The real shop and the real shoppers, and between them a proxy that spoils answers: what k6 and the analysis see.
 */
let database: Postgres;
let dns: DnsServer;
let pod: TestShop;
let folder: string;

beforeAll(async () => {
  [database, dns] = await Promise.all([startPostgres(), startDns()]);
  await migrated(database);
  dns.point(writerName, [database.port]);
  dns.point(readerName, [database.port]);
  pod = await startShop(dns);
  await pod.shop.app.listen({ host: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'tenfold-spoilt-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await pod[Symbol.asyncDispose]();
  await dns[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

// biome-ignore lint/suspicious/noExplicitAny: bodies differ from route to route
type Spoil = (path: string, body: any) => unknown;

/** Forwards everything to the shop, and spoils its answers. */
async function between(spoil: Spoil) {
  const { port } = pod.shop.app.server.address() as AddressInfo;
  const server = createServer((asked, answer) => {
    const { method, url = '', headers } = asked;
    const onward = forward({ host: '127.0.0.1', port, method, path: url, headers }, async (got) => {
      const text = Buffer.concat(await Array.fromAsync(got)).toString();
      const isYes = (got.statusCode ?? 0) < 300;
      answer.writeHead(got.statusCode ?? 502, { 'content-type': 'application/json' });
      answer.end(isYes ? JSON.stringify(spoil(url, JSON.parse(text))) : text);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const plan: Plan = {
  drill: 'spoilt',
  title: 'Spoilt',
  target: 'local',
  profile: {
    name: 'short',
    baselineRatePerSecond: 100,
    peakFactor: 1,
    baselineMs: 1_000,
    rampMs: 0,
    peakMs: 1_500,
    afterFaultMs: 1_500,
  },
  fault: { kind: 'none', summary: 'none' },
  without: [],
  objectives: { latency: [], recovery: [], errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 1 } },
  peakRatePerSecond: 100,
  loadDurationMs: 4_000,
  samples: [],
};

const mostlyOrders = { list: 0.2, product: 0.2, search: 0.2, cart: 0.2, checkout: 0.4 };

/** Calls by operation, result and error code, and the facts about orders; `store` says what the database holds. */
async function shopped(spoil: Spoil, store = (order: StoredOrder): StoredOrder => order) {
  await using proxy = await between(spoil);
  const evidence = await mkdtemp(join(folder, 'run-'));
  const runId = evidence.slice(-6);
  const spec = { ...loadSpec(plan, { runId, baseUrl: proxy.url, tenants, family: 4, looks: [] }), mix: mostlyOrders };
  {
    const k6 = await findK6(() => {});
    const script = join(rootFolder, 'scenarios', 'traffic', 'black-friday.ts');
    await using running = await runWorkers(k6, {
      script,
      spec,
      specFile: join(folder, `${runId}.json`),
      csvPaths: liveCsvs(evidence),
    });
    await running.ended;
  }
  await writeOrders(evidence, (await stored(runId)).map(store));
  await sealEvidence(evidence);
  const csv = gunzipSync(await readFile(join(evidence, evidenceFiles.requests))).toString();
  const calls = csv.split('\n').filter((line) => line.startsWith('tenfold_call,'));
  return {
    facts: await analyse(evidence, plan),
    calls: (op: string) => calls.filter((line) => line.includes(`op=${op}`)),
  };
}

async function stored(runId: string): Promise<StoredOrder[]> {
  const { rows } = await database.sql(
    `select idempotency_key as key, o.id::text as "orderId", total_cents::int as cents,
       (select string_agg(product_id || 'x' || quantity, '+') from shop.order_lines where order_id = o.id) as lines
     from shop.orders o where starts_with(idempotency_key, '${runId}-')`,
    'shop',
  );
  return rows.map(({ key, orderId, cents, lines }) => ({ key, orderId, createdAtUs: 1, lines, totalCents: cents }));
}

const all = (lines: string[], result: string) => lines.length > 10 && lines.every((line) => line.includes(result));
const wrong = /^tenfold_call,\d+,[\d.]+,wrong,.*result=failed/;
const allWrong = (lines: string[]) => lines.length > 10 && lines.every((line) => wrong.test(line));
const ledger = ({ orders, placing }: Facts) => ({ attempted: placing?.attempted, ...orders });

test('of a good shop every call is right and every order is as it was asked for', async () => {
  const { facts, calls } = await shopped((_, body) => body);
  for (const op of ['list', 'product', 'search', 'cart', 'checkout', 'session'])
    expect(all(calls(op), 'result=ok'), op).toBe(true);
  const { attempted, compared, persisted, ...counts } = ledger(facts);
  expect(attempted).toBeGreaterThan(50);
  expect([compared, persisted]).toEqual([attempted, attempted]);
  expect(counts).toMatchObject({ lost: 0, duplicated: 0, wrong: 0, unexpected: 0 });
});

test('empty lists, other products, another name and orders of one cent are failed calls, and not refused ones', async () => {
  const { facts, calls } = await shopped((path, body) => {
    if (body.items) return { ...body, items: [] };
    if (path.startsWith('/products/')) return { ...body, id: body.id + 1 };
    if (path.startsWith('/sessions')) return { ...body, name: 'somebody' };
    return { ...body, totalCents: 1 };
  });
  for (const op of ['list', 'product', 'search', 'cart', 'checkout', 'session'])
    expect(allWrong(calls(op)), op).toBe(true);
  // The shopper was told one cent; the database has the real price.
  expect(facts.orders?.wrong).toBe(facts.placing?.acknowledged);
  expect(facts.sessions?.kept ?? 0).toBe(0);
});

test("another tenant's items and prices of one cent are told by what else the shop says", async () => {
  const { calls } = await shopped((path, body) => {
    const text = JSON.stringify(body)
      .replaceAll('north-', 'west-')
      .replaceAll('south-', 'north-')
      .replaceAll('west-', 'south-');
    if (path.startsWith('/orders'))
      return {
        ...body,
        lines: body.lines.map((line: object) => ({ ...line, priceCents: 1 })),
        totalCents: body.lines[0].quantity,
      };
    return JSON.parse(text) as unknown;
  });
  for (const op of ['list', 'product', 'search']) expect(allWrong(calls(op)), op).toBe(true);
  // A shopper with a cart knows what it costs; for the others the ledger shows it.
  expect(calls('checkout').some((line) => wrong.test(line))).toBe(true);
});

test('a ledger with other lines or totals than its shoppers were told has wrong orders', async () => {
  const { facts, calls } = await shopped(
    (_, body) => body,
    (order) => ({ ...order, lines: `${order.lines}+1x7` }),
  );
  expect(all(calls('checkout'), 'result=ok')).toBe(true);
  expect(facts.orders).toMatchObject({ lost: 0, wrong: facts.placing?.acknowledged });
});
