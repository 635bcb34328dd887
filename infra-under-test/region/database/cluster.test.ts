import { spawn } from 'node:child_process';
import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freeze } from './frozen.ts';
import { childrenOf } from './operating-system.ts';
import { isAlive, startTestCluster, type TestCluster } from './test-cluster.ts';
import { placeOrders } from './test-orders.ts';

/** Hosts in a name's SRV records in the region's DNS, without the domain. */
async function lookUp({ dns: { host, port } }: TestCluster, name: string): Promise<string[]> {
  const resolver = new dns.Resolver();
  resolver.setServers([`${host}:${port}`]);
  return (await resolver.resolveSrv(name)).map((record) => record.name.split('.')[0] as string).sort();
}

const idsOf = ({ cluster }: TestCluster, role: 'writer' | 'reader') =>
  cluster
    .describe()
    .members.filter((member) => member.role === role)
    .map(({ id }) => id);

const untilAvailable = ({ cluster }: TestCluster) =>
  vi.waitFor(
    () =>
      expect(cluster.describe()).toMatchObject({
        status: 'available',
        members: Array(3).fill({ status: 'available' }),
      }),
    { timeout: 10_000, interval: 20 },
  );

const storedKeys = async (test: TestCluster) => {
  const { rows } = await test.query(idsOf(test, 'writer')[0] as string, 'select key from shop.orders');
  return new Set(rows.map(({ key }) => Number(key)));
};

describe('a database cluster', () => {
  let test: TestCluster;
  beforeAll(async () => {
    test = await startTestCluster();
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('has a writer and two readers, one a zone, behind two names', async () => {
    expect(test.cluster.describe()).toMatchObject({
      id: 'shop',
      status: 'available',
      members: [
        { id: 'db-a', zone: 'local-1a', role: 'writer', status: 'available' },
        { id: 'db-b', zone: 'local-1b', role: 'reader', status: 'available' },
        { id: 'db-c', zone: 'local-1c', role: 'reader', status: 'available' },
      ],
    });
    expect(await lookUp(test, test.cluster.writerName)).toEqual(['db-a']);
    expect(await lookUp(test, test.cluster.readerName)).toEqual(['db-b', 'db-c']);
    expect(test.cluster.version).toMatch(/^\d+\.\d+$/);
  });

  it('commits on a quorum, and its readers are read-only', async () => {
    const { rows } = await test.query('db-a', 'show synchronous_standby_names');
    expect(rows).toEqual([{ synchronous_standby_names: 'ANY 1 ("db-b", "db-c")' }]);
    await test.query('db-a', 'insert into shop.orders values (-1)');
    await vi.waitFor(async () => expect((await test.query('db-c', 'select key from shop.orders')).rowCount).toBe(1));
    await expect(test.query('db-b', 'insert into shop.orders values (-2)')).rejects.toMatchObject({ code: '25006' });
  });

  it('refuses what no failover can do', async () => {
    expect(() => test.cluster.failover('db-x')).toThrow(expect.objectContaining({ reason: 'no-such-instance' }));
    expect(() => test.cluster.failover('db-a')).toThrow(expect.objectContaining({ reason: 'already-writer' }));
    expect(test.cluster.describe().status).toBe('available');
  });

  it('fails over under load without losing an acknowledged order', async () => {
    const orders = placeOrders(test.cluster);
    await sleep(300);
    const beforeMs = Date.now();
    const { completed } = test.cluster.failover('db-c');
    expect(() => test.cluster.failover()).toThrow(expect.objectContaining({ reason: 'cluster-unavailable' }));
    expect(test.cluster.describe().status).toBe('failing-over');
    const report = await completed;
    await sleep(200);
    await orders.stop();

    const stored = await storedKeys(test);
    expect(orders.acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    expect(idsOf(test, 'writer')).toEqual(['db-c']);
    expect(await lookUp(test, test.cluster.writerName)).toEqual(['db-c']);
    expect(await lookUp(test, test.cluster.readerName)).toEqual(['db-a', 'db-b']);
    // A stale name led to a reader for at least a second.
    expect(report.nameMovedAtMs - (report.oldWriterBackAtMs ?? 0)).toBeGreaterThan(950);
    await expect(test.query('db-a', 'insert into shop.orders values (-3)')).rejects.toMatchObject({ code: '25006' });
    const told = test.cluster
      .events()
      .filter(({ atMs }) => atMs >= beforeMs)
      .map(({ source, message }) => `${source}: ${message}`)
      // Which of the readers had received more when the writer crashed is a matter of a millisecond.
      .filter((line) => line !== 'region: db-c caught up from db-b');
    expect(told).toEqual([
      'rds: Started cross AZ failover to DB instance: db-c',
      'region: db-a crashed',
      'region: db-c promoted',
      'region: db-a is back as a reader',
      'region: writer name points at db-c',
      'rds: Completed failover to DB instance: db-c',
    ]);
  });

  it('feeds a named target that lags behind before promoting it', async () => {
    const path = join(test.dir, 'db-b', 'postgresql.conf');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/ port=\d+ /, ' port=1 '));
    process.kill(test.member('db-b').pid as number, 'SIGHUP');
    await sleep(300);
    await test.query('db-c', 'insert into shop.orders select -generate_series(1000, 2000)');
    expect((await test.query('db-b', 'select from shop.orders where key <= -1000')).rowCount).toBe(0);

    await test.cluster.failover('db-b').completed;
    expect(idsOf(test, 'writer')).toEqual(['db-b']);
    expect((await test.query('db-b', 'select from shop.orders where key <= -1000')).rowCount).toBe(1001);
    await vi.waitFor(async () =>
      expect((await test.query('db-a', 'select from shop.orders where key <= -1000')).rowCount).toBe(1001),
    );
  });

  it('replaces a writer and a reader that crash on their own', async () => {
    await test.cluster.crash('db-a');
    expect(await lookUp(test, test.cluster.readerName)).toEqual(['db-c']);
    await untilAvailable(test);
    await test.cluster.crash('db-b');
    await untilAvailable(test);
    expect(idsOf(test, 'writer')).not.toEqual(['db-b']);
    await test.query(idsOf(test, 'writer')[0] as string, 'insert into shop.orders values (-4)');
  });

  it('goes on trying when no reader answers, as its writer is down', async () => {
    const readers = test.cluster.describe().members.filter(({ role }) => role === 'reader');
    const frozen = await Promise.all(readers.map(({ pid }) => freeze(pid as number)));
    await expect(test.cluster.failover().completed).rejects.toThrow('no reader answers');
    expect(test.cluster.describe().status).toBe('failing-over');
    for (const each of frozen) each.resume();
    await untilAvailable(test);
    expect(readers.map(({ id }) => id)).toContain(idsOf(test, 'writer')[0]);
  });

  it('stops at once, and leaves no process and no data', async () => {
    const pids = test.cluster.describe().members.map(({ pid }) => pid as number);
    await test.cluster.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect((await readdir(test.dir)).filter((name) => name.startsWith('db-')).sort()).toEqual([
      'db-a.log',
      'db-b.log',
      'db-c.log',
    ]);
    expect(test.cluster.describe()).toMatchObject({
      status: 'stopped',
      members: Array(3).fill({ status: 'stopped', pid: null }),
    });
  });
});

describe('a database cluster without quorum-commit', () => {
  // However rarely orders come, and even if the readers have all earlier ones.
  it.each([0, 2_000])('loses acknowledged orders in every failover, with an order every %i ms', async (pauseMs) => {
    await using test = await startTestCluster({ quorumCommit: false, replicaLagMs: 20 });
    expect(test.cluster.fidelity.join('\n')).toContain('quorum-commit is off');
    const orders = placeOrders(test.cluster, { pauseMs });
    for (let failovers = 1; failovers <= 2; failovers += 1) {
      const before = await vi.waitFor(() => {
        expect(orders.acknowledged.length).toBeGreaterThan(0);
        return orders.acknowledged.length;
      });
      await sleep(200);
      await test.cluster.failover().completed;
      await untilAvailable(test);
      const stored = await storedKeys(test);
      expect(orders.acknowledged.slice(before).filter((key) => !stored.has(key)).length).toBeGreaterThan(0);
    }
    await orders.stop();
  });

  it('fails over without an order to lose', async () => {
    await using test = await startTestCluster({ quorumCommit: false });
    const { startedAtMs, crashedAtMs } = await test.cluster.failover().completed;
    expect(crashedAtMs - startedAtMs).toBeGreaterThan(4_500);
  });
});

describe('the owner of a database cluster', () => {
  it.each([
    ['takes it with it, even when it is killed', ''],
    ['takes a frozen zone with it too', "await cluster.disconnect('local-1b');"],
  ])('%s', async (_, first) => {
    const dir = await mkdtemp(join(tmpdir(), 'database-test-'));
    const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      import { startDns } from ${module('../dns/server.ts')};
      import { startCluster } from ${module('./cluster.ts')};
      const cluster = await startCluster({ dir: ${JSON.stringify(dir)}, dns: await startDns() });
      ${first}
      console.log(cluster.describe().members.map(({ pid }) => pid).join());`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids = String((await once(owner.stdout, 'data'))[0])
      .trim()
      .split(',')
      .map(Number);
    const servers = [...pids, ...(await Promise.all(pids.map(childrenOf))).flat()];
    expect(servers.length).toBeGreaterThan(12);
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(servers.filter(isAlive)).toEqual([]), { timeout: 5_000, interval: 50 });
    await rm(dir, { recursive: true });
  });
});
