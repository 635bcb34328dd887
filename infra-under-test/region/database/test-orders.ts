import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseCluster } from './cluster.ts';
import { databaseName } from './topology.ts';

/**
 * For tests: inserts orders one after the other on several connections until stopped; returns the acknowledged keys.
 * @param options pauseMs: a single connection, with this pause after each order
 */
export function placeOrders(
  cluster: DatabaseCluster,
  { pauseMs = 0 } = {},
): {
  acknowledged: number[];
  stop(): Promise<void>;
} {
  const acknowledged: number[] = [];
  let nextKey = 1;
  let stopped = false;

  async function shopper() {
    let client: pg.Client | null = null;
    while (!stopped) {
      const key = nextKey++;
      try {
        client ??= await connectToWriter(cluster);
        await client.query('insert into shop.orders values ($1)', [key]);
        acknowledged.push(key);
        if (pauseMs > 0) await sleep(pauseMs);
      } catch {
        client?.end().catch(() => {});
        client = null;
        await sleep(5);
      }
    }
    await client?.end();
  }

  const shoppers = Array.from({ length: pauseMs > 0 ? 1 : 4 }, shopper);
  return {
    acknowledged,
    async stop() {
      stopped = true;
      await Promise.all(shoppers);
    },
  };
}

async function connectToWriter(cluster: DatabaseCluster): Promise<pg.Client> {
  const writer = cluster.describe().members.find(({ role }) => role === 'writer');
  const client = new pg.Client({
    host: writer?.host,
    port: writer?.port,
    user: 'shop',
    password: cluster.passwords.shop,
    database: databaseName,
    query_timeout: 5_000,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}
