import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeDBClustersCommand, FailoverDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Inventory } from './compute/inventory.ts';
import type { PodEnd } from './compute/pod-ends.ts';
import type { PodView } from './compute/pod-record.ts';
import { constants } from './constants.ts';
import type { ClusterDescription } from './database/types.ts';
import type { RegionEvent } from './events.ts';
import { killGroup, runningProcesses } from './processes.ts';
import type { RegionDocument } from './region-document.ts';
import { awsAccess, cutOff } from './test/cut-off.ts';
import { leftoversOf, memoryBytes } from './test/leftovers.ts';
import { type Platform, platform } from './test/platform.ts';

const nodesPerZone = 2;
let supervisor: Platform;
let region: RegionDocument;

beforeAll(async () => {
  supervisor = platform('up', '--lifeline', '--json');
  region = JSON.parse(await supervisor.firstLine);
});

afterAll(async () => {
  supervisor.child.kill('SIGKILL');
  await supervisor.ended;
});

const shop = (path: string, options: RequestInit = {}) =>
  fetch(`${region.edge.url}${path}`, { ...options, headers: { 'x-tenant': 'north', ...options.headers } });

const order = (key: string) =>
  shop('/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ lines: [{ productId: 7, quantity: 1 }] }),
  });

async function control<T>(path: string): Promise<T> {
  return (await (await fetch(`${region.control.url}${path}`)).json()) as T;
}

test('tells how to reach it, to its owner alone', async () => {
  const file = join(region.dir, 'region.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(region);
  expect(region.fidelity).toContain('node NotReady without heartbeat after 6 s (Kubernetes: 50 s)');
});

test('sells: browse, search, order, read back', async () => {
  const list = (await (await shop('/products')).json()) as { items: unknown[]; total: number };
  expect(list.items).toHaveLength(24);
  expect(list.total).toBeGreaterThanOrEqual(10_000);
  expect((await shop('/search?q=oak')).status).toBe(200);
  expect((await order('first')).status).toBe(201);
  const again = await order('first');
  expect([again.status, again.headers.get('idempotent-replay')]).toEqual([200, 'true']);
  expect((await shop('/orders/first')).status).toBe(200);
});

test('has a pod in each zone and one on a spot node, and all of them get requests', async () => {
  const pods = await control<PodView[]>('/pods');
  expect(new Set(pods.map(({ zone }) => zone))).toEqual(new Set(['local-1a', 'local-1b', 'local-1c']));
  expect(pods.map(({ node }) => node).toSorted()).toEqual(['local-1a-1', 'local-1a-2', 'local-1b-1', 'local-1c-1']);
  const answered = new Set<string | null>();
  const ask = async () => answered.add((await shop('/products/1')).headers.get('x-pod'));
  // The edge gives a new pod its full share only after a while.
  await expect.poll(ask, { timeout: 10_000, interval: 10 }).toEqual(new Set(pods.map(({ name }) => name)));
  for (const { baseUrl } of pods) expect((await fetch(`${baseUrl}/readyz`)).status).toBe(200);
});

test('keeps connections of the edge open for longer than the edge does', async () => {
  const [pod] = await control<PodView[]>('/pods');
  const keepAlive = (await fetch(`${pod?.baseUrl}/livez`)).headers.get('keep-alive');
  expect(Number(/timeout=(\d+)/.exec(keepAlive ?? '')?.[1])).toBeGreaterThan(30);
});

test.runIf(process.platform === 'linux')('needs at most 2.5 GB of memory', async () => {
  expect(await memoryBytes(region)).toBeLessThan(2.5e9);
});

test('sells again after a failover that the stock RDS client ordered', async () => {
  const rds = new RDSClient(awsAccess(region));
  const { database } = region;
  const writer = async () => {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: database.clusterId }));
    return DBClusters?.[0]?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  };
  const before = await writer();
  await rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: database.clusterId }));
  await vi.waitFor(async () => expect(await writer()).not.toBe(before), { timeout: 10_000, interval: 50 });
  await vi.waitFor(async () => expect((await order('after')).status).toBeLessThan(202), {
    timeout: 20_000,
    interval: 100,
  });
  expect((await shop('/orders/first')).status).toBe(200);
  const events = await control<RegionEvent[]>('/events?sinceMs=0');
  const completed = () => events.some(({ source, message }) => source === 'rds' && /^Completed failover/.test(message));
  expect(completed() || events.some(({ message }) => /^Started .* failover/.test(message))).toBe(true);
});

test('a node that is lost is replaced, and so are its pods, whose end is put down to it', async () => {
  const { pid, name } = await nodeOfSomePod();
  const lost = (await control<PodView[]>('/pods')).find(({ node }) => node === name);
  killGroup(pid, 'SIGKILL');
  await untilWhole(({ nodes }) => nodes.every((node) => node.name !== name));
  const because = expect.stringMatching(
    /^i-[0-9a-f]{17} terminated \(its processes ended unexpectedly: signal SIGKILL\)$/,
  );
  expect(await control<PodEnd[]>('/pod-ends?sinceMs=0')).toEqual([
    { atMs: expect.any(Number), pod: lost?.name, node: name, capacity: 'on-demand', cause: 'node-lost', because },
  ]);
  const events = await control<RegionEvent[]>('/events');
  expect((await readFile(join(region.dir, 'events.ndjson'), 'utf8')).trim().split('\n')).toHaveLength(events.length);
});

test('a zone that is cut off is out until it is connected again, and the others sell meanwhile', async () => {
  const zone = await zoneOfSomeReader();
  const readyThere = ({ nodes }: Inventory) => nodes.flatMap((node) => (node.zone === zone ? [node.ready] : []));
  await cutOff(region, zone, 'PT2M');
  await vi.waitFor(async () => expect(readyThere(await control('/inventory'))).toEqual([false, false]), {
    timeout: 15_000,
    interval: 100,
  });
  await vi.waitFor(async () => expect((await shop('/products')).status).toBe(200), { timeout: 5_000 });
  await untilWhole((inventory) => readyThere(inventory).length === 2);
  expect(await control<PodEnd[]>('/pod-ends')).toContainEqual(
    expect.objectContaining({ cause: 'node-lost', because: `${zone} cut off` }),
  );
});

test('killed with -9 leaves but its folder and what is frozen, and both are taken down', async () => {
  const zone = await zoneOfSomeReader();
  await cutOff(region, zone, 'PT12H');
  await vi.waitFor(async () => {
    const messages = (await control<RegionEvent[]>('/events')).map(({ message }) => message);
    expect(messages.filter((message) => message === `${zone} cut off`)).toHaveLength(2);
  });
  process.kill(region.pid, 'SIGKILL');
  await vi.waitFor(
    async () => {
      const { processes, ports } = await leftoversOf(region);
      const frozen = processes.length;
      expect(frozen).toBeGreaterThanOrEqual(nodesPerZone);
      expect(frozen).toBeLessThanOrEqual(nodesPerZone * (1 + constants.podsPerNode));
      expect(ports).toEqual([]);
    },
    { timeout: 5_000 },
  );
  const down = await platform('down', '--dir', region.dir).ended;
  expect(down).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('had died') });
  expect(await leftoversOf(region)).toEqual({ processes: [], ports: [], folders: [] });
});

async function zoneOfSomeReader(): Promise<string> {
  const { database } = await control<{ database: ClusterDescription }>('/status');
  return database.members.find(({ role }) => role === 'reader')?.zone ?? '';
}

/** Waits until all wanted nodes and pods are ready, and a condition holds. */
async function untilWhole(isSo: (inventory: Inventory) => boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      const inventory = await control<Inventory>('/inventory');
      const { nodes, pods, wantedNodes, wantedPods } = inventory;
      expect(isSo(inventory)).toBe(true);
      expect(nodes.filter(({ ready }) => ready)).toHaveLength(wantedNodes);
      expect(pods.filter(({ ready }) => ready)).toHaveLength(wantedPods);
    },
    { timeout: 40_000, interval: 100 },
  );
}

/** The name and the agent of a node that runs a pod. */
async function nodeOfSomePod(): Promise<{ name: string; pid: number }> {
  const agents = (await runningProcesses()).filter(({ args }) => args.includes(`--region=${region.id}`));
  const pods = await control<PodView[]>('/pods');
  const found = pods.flatMap(({ node }) =>
    agents.filter(({ args }) => args.includes(`--node=${node}`)).map(({ pid }) => ({ name: node, pid })),
  );
  return found[0] as { name: string; pid: number };
}
