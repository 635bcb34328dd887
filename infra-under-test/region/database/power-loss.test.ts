import { promises as dns } from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { childrenOf } from './operating-system.ts';
import { isAlive, startTestCluster, type TestCluster } from './test-cluster.ts';
import { placeOrders } from './test-orders.ts';
import { databaseName } from './topology.ts';

let test: TestCluster;
beforeEach(async () => {
  test = await startTestCluster();
});
afterEach(() => test[Symbol.asyncDispose]());

async function lookUp(name: string): Promise<string[]> {
  const resolver = new dns.Resolver();
  resolver.setServers([`${test.dns.host}:${test.dns.port}`]);
  return (await resolver.resolveSrv(name)).map((record) => record.name.split('.')[0] as string).sort();
}

const writerId = () => test.cluster.describe().members.find(({ role }) => role === 'writer')?.id as string;

const untilWhole = () =>
  vi.waitFor(
    () =>
      expect(test.cluster.describe()).toMatchObject({
        status: 'available',
        members: Array(3).fill({ status: 'available' }),
      }),
    { timeout: 15_000, interval: 20 },
  );

/** A connection as the shop's role that records how it ended, if it did. */
async function connectTo(id: string) {
  const { host, port } = test.member(id);
  const password = test.cluster.passwords.shop;
  const client = new pg.Client({ host, port, user: 'shop', password, database: databaseName });
  const ends: Error[] = [];
  client.on('error', (error) => ends.push(error));
  await client.connect();
  return { client, ends };
}

const settledWithin = (promise: Promise<unknown>, ms: number) =>
  Promise.race([promise.then(() => true).catch(() => true), sleep(ms, false)]);

const storedKeys = async () => {
  const { rows } = await test.query(writerId(), 'select key from shop.orders');
  return new Set(rows.map(({ key }) => Number(key)));
};

describe('a zone without power', () => {
  it('takes the writer away without a word, and a failover does not wake it', async () => {
    const orders = placeOrders(test.cluster);
    await sleep(300);
    const { client, ends } = await connectTo('db-a');
    const oldPid = test.member('db-a').pid as number;
    const oldServers = [oldPid, ...(await childrenOf(oldPid))];
    await test.cluster.disconnect('local-1a');
    const hanging = client.query('insert into shop.orders values (-1)');
    expect(await settledWithin(hanging, 500)).toBe(false);
    expect(test.member('db-a')).toMatchObject({ role: 'writer', status: 'rebooting' });

    const report = await test.cluster.failover().completed;
    expect(report.oldWriterBackAtMs).toBeNull();
    expect(['db-b', 'db-c']).toContain(writerId());
    expect(await lookUp(test.cluster.writerName)).toEqual([writerId()]);
    expect(await lookUp(test.cluster.readerName)).not.toContain('db-a');
    expect(oldServers.every(isAlive)).toBe(true);
    expect(ends).toEqual([]);
    await test.query(writerId(), 'insert into shop.orders values (-2)');

    await test.cluster.reconnect('local-1a');
    await expect(hanging).rejects.toThrow();
    await untilWhole();
    await orders.stop();
    expect(oldServers.filter(isAlive)).toEqual([]);
    expect((await test.query('db-a', 'select pg_is_in_recovery() as reader')).rows).toEqual([{ reader: true }]);
    const stored = await storedKeys();
    expect(orders.acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    expect(stored.has(-1)).toBe(false);
  });

  it('lets two failovers follow each other', async () => {
    await test.cluster.disconnect('local-1a');
    await test.cluster.failover('db-b').completed;
    expect(await lookUp(test.cluster.readerName)).toEqual(['db-c']);
    const { completed } = test.cluster.failover();
    await vi.waitFor(() => expect(writerId()).toBe('db-c'), { timeout: 10_000 });
    expect(await lookUp(test.cluster.readerName)).toEqual(['db-c']);
    await completed;
    await test.query('db-c', 'insert into shop.orders values (-1)');
    await test.cluster.reconnect('local-1a');
    await untilWhole();
    expect(await lookUp(test.cluster.readerName)).toEqual(['db-a', 'db-b']);
  });

  it('leaves the quorum and the readers of the other zones', async () => {
    await test.cluster.disconnect('local-1b');
    expect(await lookUp(test.cluster.readerName)).toEqual(['db-c']);
    await test.query('db-a', 'insert into shop.orders values (-1)');
    expect(() => test.cluster.failover('db-b')).toThrow(expect.objectContaining({ reason: 'instance-unavailable' }));
    expect((await test.cluster.failover().completed).targetInstanceId).toBe('db-c');
    await test.query('db-c', 'insert into shop.orders values (-2)');
    await test.cluster.reconnect('local-1b');
    await untilWhole();
    await vi.waitFor(async () => expect((await test.query('db-b', 'select from shop.orders')).rowCount).toBe(2));
  });

  it('lets a writer go on that nobody replaced', async () => {
    const { client } = await connectTo('db-a');
    const { pid } = test.member('db-a');
    await test.cluster.disconnect('local-1a');
    const hanging = client.query('insert into shop.orders values (-1)');
    expect(await settledWithin(hanging, 300)).toBe(false);
    await test.cluster.reconnect('local-1a');
    await hanging;
    expect(test.member('db-a')).toMatchObject({ pid, status: 'available', role: 'writer' });
    await client.end();
  });

  it('does not let an instance start that was on its way back', async () => {
    await test.cluster.crash('db-b');
    await test.cluster.disconnect('local-1b');
    await sleep(1_500);
    expect(test.member('db-b').pid).toBeNull();
    await test.cluster.reconnect('local-1b');
    await untilWhole();
    expect(writerId()).toBe('db-a');
  });

  it('refuses a failover when no reader can be reached', async () => {
    await test.cluster.disconnect('local-1b');
    await test.cluster.disconnect('local-1c');
    expect(() => test.cluster.failover()).toThrow(expect.objectContaining({ reason: 'cluster-unavailable' }));
    expect(await lookUp(test.cluster.readerName)).toEqual(['db-a']);
  });

  it('takes another reader when the chosen one is lost in the middle', async () => {
    const { completed } = test.cluster.failover('db-b');
    await test.cluster.disconnect('local-1b');
    await completed;
    expect(writerId()).not.toBe('db-a');
    await test.cluster.reconnect('local-1b');
    await untilWhole();
  });

  it('can be stopped in the middle, and leaves nothing', async () => {
    const pids = await Promise.all(
      test.cluster.describe().members.map(async ({ pid }) => [pid as number, ...(await childrenOf(pid as number))]),
    );
    await test.cluster.disconnect('local-1a');
    await test.cluster.stop();
    await vi.waitFor(() => expect(pids.flat().filter(isAlive)).toEqual([]), { timeout: 5_000 });
  });
});

describe('without quorum commit, a zone without power', () => {
  it('keeps back what its writer had not sent yet', async () => {
    await using lagging = await startTestCluster({ quorumCommit: false, replicaLagMs: 500 });
    await lagging.query('db-a', 'insert into shop.orders values (1)');
    await sleep(1_000);
    await lagging.query('db-a', 'insert into shop.orders values (2)');
    await lagging.cluster.disconnect('local-1a');
    await sleep(1_000);
    const keys = async (id: string) =>
      (await lagging.query(id, 'select key from shop.orders order by 1')).rows.map(({ key }) => Number(key));
    expect(await keys('db-b')).toEqual([1]);
    await lagging.cluster.reconnect('local-1a');
    await vi.waitFor(async () => expect(await keys('db-b')).toEqual([1, 2]), { timeout: 5_000 });
  });
});
