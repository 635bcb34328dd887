import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DnsServer, startDns } from './test/dns.ts';
import { type Postgres, startPostgres } from './test/postgres.ts';
import { hasRedis, type Redis, startRedis } from './test/redis.ts';
import {
  catalogueFreshMs,
  migrated,
  placeOrder,
  putCart,
  readerName,
  startShop,
  type TestShop,
  tenants,
  writerName,
} from './test/shop.ts';

/** Longer than a pod keeps a catalogue entry. */
const untilStaleMs = catalogueFreshMs + 100;

describe.skipIf(!hasRedis)('with Redis (needs redis-server)', () => {
  let database: Postgres;
  let dns: DnsServer;
  let redis: Redis;
  let pods: TestShop[];

  beforeAll(async () => {
    [database, dns] = await Promise.all([startPostgres(), startDns(60)]);
    await migrated(database);
  }, 20_000);

  afterAll(async () => {
    await Promise.all([database, dns].map((resource) => resource[Symbol.asyncDispose]()));
  });

  beforeEach(async () => {
    pods = [];
    dns.point(writerName, [database.port]);
    dns.point(readerName, [database.port]);
    redis = await startRedis();
  });

  afterEach(async () => {
    await redis[Symbol.asyncDispose]();
    await database.start();
    await Promise.all(pods.map((pod) => pod[Symbol.asyncDispose]()));
  });

  async function startPod(): Promise<TestShop> {
    const pod = await startShop(dns, '', { redisUrl: redis.url });
    pods.push(pod);
    return pod;
  }

  const openSession = (pod: TestShop, tenant = 'north') =>
    pod.send({
      method: 'POST',
      url: '/sessions',
      payload: { name: `Ada of ${tenant}` },
      headers: { 'x-tenant': tenant },
    });
  const countOf = async (pod: TestShop, result: string) =>
    Number(
      new RegExp(`redis_answers_total{result="${result}"} (\\d+)`).exec((await pod.send('/metrics')).body)?.[1] ?? 0,
    );
  /** Until the pod has found out that Redis is back. */
  const untilAsked = async (pod: TestShop) => {
    const before = (await countOf(pod, 'hit')) + (await countOf(pod, 'miss'));
    await expect
      .poll(
        async () => {
          await pod.send(`/search?q=oak+${Math.random()}`);
          return (await countOf(pod, 'hit')) + (await countOf(pod, 'miss'));
        },
        { timeout: 5_000 },
      )
      .toBeGreaterThan(before);
  };

  test('what one pod has loaded, another serves while no database is there', async () => {
    const [pod, other] = await Promise.all([startPod(), startPod()]);
    const known = await pod.send('/products/4321');
    const { body: session } = await openSession(pod);
    await database.stop();
    const served = await other.send('/products/4321');
    expect([served.status, served.headers['x-stale'], served.body]).toEqual([200, undefined, known.body]);
    expect(await other.send(`/sessions/${session.id}`)).toMatchObject({ status: 200, body: session });
    expect((await other.send('/products/4322')).status).toBe(503);
  });

  test('a session outlives its pod, and Redis', async () => {
    const pod = await startPod();
    const { body: session } = await openSession(pod);
    await pods.pop()?.[Symbol.asyncDispose]();
    expect((await (await startPod()).send(`/sessions/${session.id}`)).body).toEqual(session);
    await redis.stop();
    expect((await (await startPod()).send(`/sessions/${session.id}`)).body).toEqual(session);
    await redis.start();
    expect((await (await startPod()).send(`/sessions/${session.id}`)).body).toEqual(session);
  });

  test('what Redis holds is of one tenant, and no older than an entry may be', async () => {
    const pod = await startPod();
    const client = createClient({ url: redis.url });
    await client.connect();
    const askAndLook = async () => {
      await Promise.all(tenants.map((tenant) => pod.send({ url: '/products/77', headers: { 'x-tenant': tenant } })));
      return await client.keys('*');
    };
    await expect
      .poll(askAndLook, { timeout: 5_000 })
      .toEqual(expect.arrayContaining(tenants.map((tenant) => `catalogue:${tenant} product 77`)));
    for (const key of await client.keys('catalogue:*'))
      expect(await client.pTTL(key), key).toBeLessThanOrEqual(catalogueFreshMs);
    for (const key of await client.keys('*')) expect(await client.pTTL(key), key).not.toBe(-1);
    client.destroy();
  });

  test('while it is gone the shop works on, and uses it again once it is back', async () => {
    const pod = await startPod();
    const { body: session } = await openSession(pod);
    await redis.stop();
    for (const request of ['/products/55', '/search?q=oak', putCart('mine', [{ productId: 1, quantity: 1 }])])
      expect((await pod.send(request)).status).toBe(200);
    expect((await pod.send(`/sessions/${session.id}`)).body).toEqual(session);
    expect((await openSession(pod)).status).toBe(201);
    expect((await pod.send(placeOrder('without-redis'))).status).toBe(201);
    expect(await countOf(pod, 'away')).toBeGreaterThan(0);
    await redis.start();
    await untilAsked(pod);
  });

  test('while it hangs few requests wait for it, none for long, and it is used again once it answers', async () => {
    const pod = await startPod();
    const { body: session } = await openSession(pod);
    redis.freeze(true);
    const tookMs: number[] = [];
    for (let count = 0; count < 200; count++) {
      const sentAtMs = performance.now();
      expect((await pod.send(`/sessions/${session.id}`)).body).toEqual(session);
      tookMs.push(performance.now() - sentAtMs);
      await sleep(10);
    }
    const sorted = tookMs.toSorted((a, b) => a - b);
    // The connection is given up at its first late answer, and a hanging server opens no other.
    expect(tookMs.filter((ms) => ms >= 100).length).toBeLessThan(20);
    expect(sorted[Math.floor(sorted.length * 0.99)]).toBeLessThan(300);
    expect(sorted.at(-1)).toBeLessThan(2_000);
    redis.freeze(false);
    await untilAsked(pod);
  });

  test('no answer is taken for another one, of another tenant least of all, while it hangs and goes on', async () => {
    const pod = await startPod();
    const sessions = await Promise.all(
      tenants.map(async (tenant) => ({ tenant, ...(await openSession(pod, tenant)).body })),
    );
    let over = false;
    const spoil = async () => {
      while (!over) {
        redis.freeze(true);
        // Shorter than an answer may take, and longer.
        await sleep(50 + Math.random() * 200);
        redis.freeze(false);
        await sleep(300 + Math.random() * 700);
      }
    };
    const shop = async (tenant: string, start: number) => {
      const headers = { 'x-tenant': tenant };
      const session = sessions.find((one) => one.tenant === tenant);
      for (let number = start; !over; number += 2) {
        const id = 1 + (number % 40);
        const [product, found] = await Promise.all([
          pod.send({ url: `/products/${id}`, headers }),
          pod.send({ url: `/sessions/${session?.id}`, headers }),
        ]);
        expect(product.body).toMatchObject({ id, sku: `${tenant}-${id}` });
        expect(found.body).toEqual({ id: session?.id, name: `Ada of ${tenant}` });
        await sleep(2);
      }
    };
    const spoiling = spoil();
    const shopping = Promise.all(tenants.flatMap((tenant) => [shop(tenant, 0), shop(tenant, 1), shop(tenant, 20)]));
    await Promise.race([sleep(6_000), shopping]);
    over = true;
    await Promise.all([shopping, spoiling]);
    expect(await countOf(pod, 'hit')).toBeGreaterThan(100);
    expect(await countOf(pod, 'away')).toBeGreaterThan(0);
  });

  test('a session of one tenant is nobody’s at another', async () => {
    const pod = await startPod();
    const { body: session } = await openSession(pod, 'north');
    const asked = await pod.send({ url: `/sessions/${session.id}`, headers: { 'x-tenant': 'south' } });
    expect(asked.status).toBe(404);
  });

  test('a catalogue that changes is served anew in time', async () => {
    const [pod, other] = await Promise.all([startPod(), startPod()]);
    await pod.send('/products/99');
    await database.sql("update tenant_north.products set name = 'Changed' where id = 99", 'shop');
    await sleep(untilStaleMs);
    await other.send('/products/99');
    await sleep(2 * untilStaleMs);
    for (const asked of [pod, other]) expect((await asked.send('/products/99')).body.name).toBe('Changed');
  });
});
