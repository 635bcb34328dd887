import { Resolver } from 'node:dns/promises';
import pg from 'pg';
import { z } from 'zod';
import type { Platform, PlatformEvent, Replica, StoredOrder } from '../../model/target.ts';
import type { Region } from './region-file.ts';

const podsSchema = z.array(z.object({ name: z.string(), zone: z.string(), baseUrl: z.string(), ready: z.boolean() }));
const eventsSchema = z.array(z.object({ atMs: z.number(), source: z.string(), message: z.string() }));

/** A pocket region as the platform under test, reached over the network only. */
export function localPlatform(region: Region, end: () => Promise<void>): Platform {
  const control = async (path: string): Promise<unknown> => {
    const response = await fetch(`${region.control.url}${path}`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`the region's control API answered ${response.status} to ${path}`);
    return await response.json();
  };
  return {
    baseUrl: region.edge.url,
    tenants: region.tenants,
    aws: {
      endpoint: region.aws.endpoint,
      region: region.aws.region,
      credentials: { accessKeyId: region.aws.accessKeyId, secretAccessKey: region.aws.secretAccessKey },
    },
    databaseClusterId: region.database.clusterId,
    versions: region.versions,
    scale: region.scale,
    fidelity: region.fidelity,
    replicas: async (): Promise<Replica[]> =>
      podsSchema
        .parse(await control('/pods'))
        .filter((pod) => pod.ready)
        .map(({ name, zone, baseUrl }) => ({ name, zone, baseUrl })),
    events: async (sinceMs): Promise<PlatformEvent[]> =>
      eventsSchema
        .parse(await control(`/events?sinceMs=${sinceMs}`))
        .map(({ atMs, source, message }) => ({ atMs, source, message })),
    readOrders: (keyPrefix) => readOrders(region, keyPrefix),
    [Symbol.asyncDispose]: end,
  };
}

/** Reads orders back from the database's writer, as an auditor would: around the shop. */
async function readOrders(region: Region, keyPrefix: string): Promise<StoredOrder[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 3 });
  resolver.setServers([`${region.dns.host}:${region.dns.port}`]);
  const [writer] = await resolver.resolveSrv(region.database.writerName);
  if (!writer) throw new Error(`no address for ${region.database.writerName}`);
  const { name: database, user, password } = region.database;
  const client = new pg.Client({
    host: region.dns.host,
    port: writer.port,
    database,
    user,
    password,
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select idempotency_key as "key", id::text as "orderId", (extract(epoch from created_at) * 1000000)::bigint::text as us
         from shop.orders where starts_with(idempotency_key, $1) order by 1, 2`,
      [keyPrefix],
    );
    return rows.map(({ key, orderId, us }) => ({ key, orderId, createdAtUs: Number(us) }));
  } finally {
    await client.end();
  }
}
