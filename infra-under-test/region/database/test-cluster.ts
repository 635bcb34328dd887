import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type DnsServer, startDns } from '../dns/server.ts';
import { withClient } from './client.ts';
import { type ClusterMember, type ClusterOptions, type DatabaseCluster, startCluster } from './cluster.ts';
import { databaseName } from './topology.ts';

export interface TestCluster extends AsyncDisposable {
  dir: string;
  dns: DnsServer;
  cluster: DatabaseCluster;
  /** A query as the shop's role to one instance. */
  query(instanceId: string, text: string): Promise<pg.QueryResult>;
  member(instanceId: string): ClusterMember;
}

/** For tests: a cluster in a folder of its own, with a table `shop.orders` that holds only keys. */
export async function startTestCluster(options: Partial<ClusterOptions> = {}): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'database-test-'));
  const dns = await startDns();
  const cluster = await startCluster({
    dir,
    dns,
    dnsFlipDelayMs: 200,
    countOrders: '(select count(*) from shop.orders)',
    async migrate({ host, port, database, passwords }) {
      await withClient({ host, port, database, user: 'shop', password: passwords.shop }, async (client) => {
        await client.query('create schema shop create table orders (key bigint primary key)');
      });
    },
    ...options,
  });
  const member = (id: string) => cluster.describe().members.find((member) => member.id === id) as ClusterMember;
  return {
    dir,
    dns,
    cluster,
    member,
    query(instanceId, text) {
      const { host, port } = member(instanceId);
      const access = { host, port, user: 'shop', password: cluster.passwords.shop, database: databaseName };
      return withClient(access, (client) => client.query(text));
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop();
      await dns.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Whether a process runs; a zombie does not. */
export const isAlive = (pid: number): boolean =>
  /^\s*[^Z\s]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
