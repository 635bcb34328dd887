import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Protection, protections, protectionsWithout } from './protections.ts';
import { sheddingLimits } from './shedding.ts';
import { type DnsServer, startDns } from './test/dns.ts';
import { type Postgres, startPostgres } from './test/postgres.ts';
import {
  catalogueFreshMs,
  migrated,
  placeOrder,
  putCart,
  readerName,
  startShop,
  type TestShop,
  writerName,
} from './test/shop.ts';

/** Longer than a catalogue entry is fresh. */
const untilStaleMs = catalogueFreshMs + 100;

let first: Postgres;
let second: Postgres;
let dns: DnsServer;
let pods: TestShop[];

beforeAll(async () => {
  // A long TTL: a client that does not ask again stays where it is.
  [first, second, dns] = await Promise.all([startPostgres(), startPostgres(), startDns(60)]);
  await Promise.all([migrated(first), migrated(second)]);
}, 20_000);

afterAll(async () => {
  await Promise.all([first, second, dns].map((resource) => resource[Symbol.asyncDispose]()));
});

beforeEach(() => {
  pods = [];
  dns.point(writerName, [first.port]);
  dns.point(readerName, [first.port]);
});

afterEach(async () => {
  await Promise.all(pods.map((pod) => pod[Symbol.asyncDispose]()));
});

async function podWithout(without: Protection | '' = '', options = { warm: true }): Promise<TestShop> {
  const pod = await startShop(dns, without, options);
  pods.push(pod);
  return pod;
}

const lines = [{ productId: 1, quantity: 1 }];

describe('a writer that was demoted', () => {
  async function demote(): Promise<void> {
    await setReadOnly(first, 'on');
    dns.point(writerName, [second.port]);
  }
  afterEach(() => setReadOnly(first, 'off'));

  test('is left for the new one, and the shopper does not notice', async () => {
    const pod = await podWithout();
    expect((await pod.send(putCart('demoted', lines))).status).toBe(200);
    await demote();
    expect((await pod.send(putCart('promoted', lines))).status).toBe(200);
    const { rows } = await second.sql("select id from tenant_north.carts where id = 'promoted'", 'shop');
    expect(rows).toHaveLength(1);
    expect((await pod.send('/metrics')).body).toContain('database_events_total{role="writer",event="eviction"} 1');
  });

  test('is not connected to', async () => {
    const pod = await podWithout();
    await setReadOnly(first, 'on');
    expect((await pod.send(putCart('nobody', lines))).status).toBe(503);
    dns.point(writerName, [second.port]);
    await sleep(150);
    expect((await pod.send(putCart('nobody', lines))).status).toBe(200);
  });

  test('keeps its pods for ever without evict-read-only-connections', async () => {
    const pod = await podWithout('evict-read-only-connections');
    expect((await pod.send(putCart('stuck', lines))).status).toBe(200);
    await demote();
    for (let tries = 0; tries < 3; tries++) expect((await pod.send(putCart('stuck', lines))).status).toBe(503);
    expect((await pod.send('/products')).status).toBe(200);
  });
});

describe('while the database is away', () => {
  afterEach(() => first.start());

  test('the known catalogue is served as stale, the rest refused, and the pod stays ready', async () => {
    const [pod, withoutStale] = await Promise.all([podWithout(), podWithout('stale-catalogue')]);
    const known = await pod.send('/products');
    await first.stop();
    await sleep(untilStaleMs);
    const stale = await pod.send('/products');
    expect([stale.status, stale.headers['x-stale']]).toEqual([200, 'true']);
    expect(stale.body).toEqual(known.body);
    for (const request of ['/products/9876', '/carts/mine', putCart('mine', lines), placeOrder('away')]) {
      const refused = await pod.send(request);
      expect([refused.status, refused.headers['retry-after'], refused.body.error]).toEqual([503, '1', 'database-away']);
    }
    expect((await pod.send('/readyz')).status).toBe(200);
    expect((await withoutStale.send('/products')).status).toBe(503);

    await first.start();
    await expect.poll(async () => (await pod.send(putCart('mine', lines))).status, { timeout: 3_000 }).toBe(200);
    await expect.poll(async () => (await pod.send('/products')).headers['x-stale'], { timeout: 3_000 }).toBeUndefined();
  });

  test('a shopper waits until it is back without retry-budget', async () => {
    const pod = await podWithout('retry-budget');
    await first.stop();
    const answer = pod.send(putCart('patient', lines));
    expect(await Promise.race([answer, sleep(1_000, 'still waiting')])).toBe('still waiting');
    await first.start();
    expect((await answer).status).toBe(200);
  });
});

describe('a database that hangs', () => {
  afterEach(() => first.freeze(false));

  test('is given up soon', async () => {
    const pod = await podWithout();
    await pod.send(putCart('hung', lines));
    await first.freeze(true);
    const startedAtMs = performance.now();
    expect((await pod.send(putCart('hung', lines))).status).toBe(503);
    expect(performance.now() - startedAtMs).toBeLessThan(1_300);
  });

  test('is waited for without timeouts', async () => {
    const pod = await podWithout('timeouts');
    await pod.send(putCart('hung', lines));
    await first.freeze(true);
    const answer = pod.send(putCart('hung', lines));
    expect(await Promise.race([answer, sleep(1_000, 'still waiting')])).toBe('still waiting');
    await first.freeze(false);
    expect((await answer).status).toBe(200);
  });
});

describe('the catalogue', () => {
  beforeEach(async () => {
    dns.point(readerName, [second.port]);
    await second.sql("update tenant_north.products set name = 'From the reader' where id = 5", 'shop');
  });

  test.each([
    ['', 'From the reader'],
    ['reads-from-readers', expect.not.stringContaining('reader')],
  ] as const)('is read where it should be without %j', async (without, name) => {
    expect((await (await podWithout(without)).send('/products/5')).body.name).toEqual(name);
  });

  test('is read from the reader that is left', async () => {
    dns.point(readerName, [9, second.port]);
    const pod = await podWithout();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => pod.send(`/products/${n + 1}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });
});

describe('more than a pod can do', () => {
  const flood = (pod: TestShop) =>
    Promise.all(Array.from({ length: 150 }, (_, n) => pod.send(placeOrder(`flood-${n}`, { cartId: 'nobodys' }))));

  test('is refused at once, but for the catalogue and the health of the pod', async () => {
    const pod = await podWithout();
    const flooding = flood(pod);
    expect((await pod.send('/livez')).status).toBe(200);
    expect((await pod.send('/products')).status).toBe(200);
    const shed = (await flooding).filter(({ status }) => status === 503);
    expect(shed).toHaveLength(150 - sheddingLimits.maxWrites);
    expect(shed[0]).toMatchObject({ headers: { 'retry-after': '1' }, body: { error: 'overloaded' } });
    expect((await pod.send(putCart('after', lines))).status).toBe(200);
  });

  test('is taken in without load-shedding', async () => {
    const refusals = (await flood(await podWithout('load-shedding'))).filter(({ body }) => body.error === 'overloaded');
    expect(refusals).toHaveLength(0);
  });
});

describe('a writer that hangs', () => {
  beforeEach(() => dns.point(readerName, [second.port]));
  afterEach(() => first.freeze(false));

  /** How long each of these carts takes, sent one every 10 ms. */
  async function refusals(pod: TestShop, count: number): Promise<number[]> {
    const answers: Promise<number>[] = [];
    for (let sent = 0; sent < count; sent++) {
      const sentAtMs = performance.now();
      answers.push(pod.send(putCart(`hung-${sent}`, lines)).then(() => performance.now() - sentAtMs));
      await sleep(10);
    }
    return Promise.all(answers);
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

  test('makes few writes wait and no read', async () => {
    const pod = await podWithout();
    await first.freeze(true);
    const writes = refusals(pod, 200);
    const reads = await Promise.all(Array.from({ length: 100 }, (_, n) => pod.send(`/products/${n + 1}`)));
    expect(reads.every(({ status }) => status === 200)).toBe(true);
    expect(median(await writes)).toBeLessThan(50);
    await first.freeze(false);
    await expect.poll(async () => (await pod.send(putCart('back', lines))).status, { timeout: 3_000 }).toBe(200);
  });

  test('makes every write wait without load-shedding', async () => {
    const pod = await podWithout('load-shedding');
    await first.freeze(true);
    expect(median(await refusals(pod, 200))).toBeGreaterThan(250);
  });
});

describe('a session', () => {
  const open = (pod: TestShop) => pod.send({ method: 'POST', url: '/sessions', payload: { name: 'Ada' } });

  test('is known to every pod, also while there is no writer', async () => {
    const [pod, other] = await Promise.all([podWithout(), podWithout()]);
    const { body, headers } = await open(pod);
    expect(headers).not.toHaveProperty('set-cookie');
    dns.point(writerName, [9]);
    const third = await podWithout();
    for (const asked of [other, third]) expect((await asked.send(`/sessions/${body.id}`)).body).toEqual(body);
  });

  test('that a reader does not hold yet is asked for at the writer, and not called unknown without it', async () => {
    dns.point(readerName, [second.port]);
    const pod = await podWithout();
    const { body } = await open(pod);
    expect((await pod.send(`/sessions/${body.id}`)).status).toBe(200);
    await first.stop();
    expect((await pod.send(`/sessions/${body.id}`)).status).toBe(503);
    await first.start();
  });

  test('lives in its pod without session-store, to which the edge is told to come back', async () => {
    const [pod, other] = await Promise.all([podWithout('session-store'), podWithout('session-store')]);
    const { body, headers } = await open(pod);
    expect(headers['set-cookie']).toBe('pod=pod-1; Path=/; HttpOnly');
    expect((await pod.send(`/sessions/${body.id}`)).body).toEqual(body);
    expect((await other.send(`/sessions/${body.id}`)).status).toBe(404);
  });
});

describe('readiness', () => {
  test('comes after the warm-up, which waits for the catalogue and places no order', async () => {
    await first.stop();
    const pod = await podWithout('', { warm: false });
    const started = pod.shop.start();
    expect((await pod.send('/readyz')).status).toBe(503);
    expect((await pod.send('/livez')).status).toBe(200);
    expect(await pod.send('/products')).toMatchObject({ status: 503, body: { error: 'starting' } });
    await first.start();
    await started;
    expect((await pod.send('/readyz')).status).toBe(200);
    const { rowCount } = await first.sql("select from shop.orders where idempotency_key = 'warm-up'", 'shop');
    expect(rowCount).toBe(0);
  });

  test('does not wait for a writer that is away', async () => {
    dns.point(writerName, [9]);
    expect((await (await podWithout()).send('/readyz')).status).toBe(200);
  });

  test('is told at once without readiness-gate, to shoppers who are refused until the pod is warm', async () => {
    const pod = await podWithout('readiness-gate', { warm: false });
    expect((await pod.send('/readyz')).status).toBe(200);
    expect((await pod.send('/products')).body.error).toBe('starting');
    await pod.shop.start();
    expect((await pod.send('/products')).status).toBe(200);
  });

  test('ends when the pod leaves, which serves on and asks for new connections', async () => {
    const pod = await podWithout();
    const left = pod.shop.leave();
    expect((await pod.send('/readyz')).status).toBe(503);
    expect(await pod.send('/products')).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await left;
  });
});

test('the same key makes a new order each time without idempotent-orders', async () => {
  await migrated(first, 'idempotent-orders');
  const pod = await podWithout('idempotent-orders');
  const answers = [await pod.send(placeOrder('twice')), await pod.send(placeOrder('twice'))];
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  const { rowCount } = await first.sql("select from shop.orders where idempotency_key = 'twice'", 'shop');
  expect(rowCount).toBe(2);
});

test('an unknown protection is refused with the names of the known ones', () => {
  expect(() => protectionsWithout('timeouts, belts')).toThrow(/belts.*evict-read-only-connections.*readiness-gate/);
  expect(protectionsWithout(Object.keys(protections).join()).size).toBe(0);
});

async function setReadOnly(server: Postgres, state: 'on' | 'off'): Promise<void> {
  await server.sql(`alter system set default_transaction_read_only = ${state}`);
  await server.sql('select pg_reload_conf()');
  await expect
    .poll(async () => (await server.sql('show default_transaction_read_only')).rows[0])
    .toEqual({
      default_transaction_read_only: state,
    });
}
