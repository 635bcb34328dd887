import { Resolver } from 'node:dns/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { type AwsAccess, podEndCauses, type StoredOrder } from '../../model/facets.ts';
import type { Platform } from '../../model/platform.ts';
import { rdsDatabase } from '../rds-database.ts';
import { readStorefrontOrders } from '../storefront-orders.ts';
import { readStorefrontPools } from '../storefront-pools.ts';
import type { Region } from './region-file.ts';
import { regionSightings } from './region-sightings.ts';

const capacity = z.enum(['on-demand', 'spot']);
const inventorySchema = z.object({
  nodes: z.array(
    z.object({ name: z.string(), zone: z.string(), capacity, ready: z.boolean(), instanceArn: z.string() }),
  ),
  wantedNodes: z.number(),
  pods: z.array(
    z.object({
      name: z.string(),
      node: z.string(),
      zone: z.string(),
      ready: z.boolean(),
      baseUrl: z.string().nullable(),
      cpuRatio: z.number().nullable(),
    }),
  ),
  wantedPods: z.number(),
  maxPods: z.number().nullable(),
});
const podEndsSchema = z.array(
  z.object({
    atMs: z.number(),
    pod: z.string(),
    node: z.string(),
    capacity,
    cause: z.enum(podEndCauses),
    because: z.string(),
  }),
);
const eventsSchema = z.array(z.object({ atMs: z.number(), source: z.string(), message: z.string() }));

/** With NODE_USE_ENV_PROXY, Node's own would ask a proxy for what is on this machine. */
const direct = new Agent();

/** A pocket region as the platform under test, reached over the network only. */
export function localPlatform(region: Region, options: { kept: boolean; end: () => Promise<void> }): Platform {
  const control = async (path: string): Promise<unknown> => {
    const signal = AbortSignal.timeout(5_000);
    const { statusCode, body } = await request(`${region.control.url}${path}`, { dispatcher: direct, signal });
    if (statusCode !== 200) throw new Error(`the region's control API answered ${statusCode} to ${path}`);
    return await body.json();
  };
  const inventory = async () => inventorySchema.parse(await control('/inventory'));
  const replicas = async () =>
    (await inventory()).pods.flatMap(({ name, zone, node, baseUrl, ready }) =>
      ready && baseUrl !== null ? [{ name, zone, node, baseUrl }] : [],
    );
  const events = async (sinceMs: number) => eventsSchema.parse(await control(`/events?sinceMs=${sinceMs}`));
  const aws = awsOf(region);
  return {
    kept: options.kept,
    pid: region.pid,
    versions: region.versions,
    scale: region.scale,
    fidelity: region.fidelity,
    shop: { baseUrl: region.edge.url, tenants: region.tenants },
    orders: { scope: 'all', read: (keyPrefix, sinceMs) => readOrders(region, keyPrefix, sinceMs) },
    replicas: { list: replicas },
    pools: { read: async () => await readStorefrontPools(await replicas()) },
    cluster: {
      async inventory() {
        const { nodes, wantedNodes, pods, wantedPods, maxPods } = await inventory();
        return {
          nodes: nodes.map(({ instanceArn, ...node }) => ({ ...node, id: instanceArn })),
          nodesWanted: wantedNodes,
          pods,
          podsWanted: wantedPods,
          podsMax: maxPods,
        };
      },
      podEnds: async (sinceMs) => podEndsSchema.parse(await control(`/pod-ends?sinceMs=${sinceMs}`)),
      events,
      sightings: async (sinceMs) => regionSightings(await events(sinceMs)),
    },
    database: rdsDatabase(aws, region.database.clusterId),
    aws,
    [Symbol.asyncDispose]: options.end,
  };
}

/** How to reach the AWS endpoint of a region. */
export const awsOf = ({ aws }: Region): AwsAccess => ({
  endpoint: aws.endpoint,
  region: aws.region,
  resourceTags: { 'tenfold:shop': 'storefront' },
  fisRoleArn: 'arn:aws:iam::000000000000:role/tenfold-fis',
  credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
});

/** Reads orders back from the database's writer, as an auditor would: around the shop. */
async function readOrders(region: Region, keyPrefix: string, sinceMs: number): Promise<StoredOrder[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 3 });
  resolver.setServers([`${region.dns.host}:${region.dns.port}`]);
  const [writer] = await resolver.resolveSrv(region.database.writerName);
  if (!writer) throw new Error(`no address for ${region.database.writerName}`);
  const { name: database, user, password } = region.database;
  const access = { host: region.dns.host, port: writer.port, database, user, password };
  return await readStorefrontOrders(access, keyPrefix, sinceMs);
}
