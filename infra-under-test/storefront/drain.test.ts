import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEdge } from '../region/edge/edge.ts';
import { TargetGroup } from '../region/edge/target-group.ts';
import { type DnsServer, startDns } from './test/dns.ts';
import { type Postgres, startPostgres } from './test/postgres.ts';
import { migrated, readerName, writerName } from './test/shop.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const ratePerSecond = 400;
/** How long the edge keeps sending requests to a pod that was told to stop. */
const edgeLagMs = 400;

let database: Postgres;
let dns: DnsServer;

beforeAll(async () => {
  [database, dns] = await Promise.all([startPostgres(), startDns()]);
  await migrated(database);
  dns.point(writerName, [database.port]);
  dns.point(readerName, [database.port]);
}, 20_000);

afterAll(async () => {
  await Promise.all([database, dns].map((resource) => resource[Symbol.asyncDispose]()));
});

interface Pod {
  process: ChildProcess;
  address: { name: string; zone: string; host: string; port: number };
}

async function startPod(name: string): Promise<Pod> {
  const env = { POD_NAME: name, DNS_SERVER: dns.address, DB_WRITER_NAME: writerName, DB_READER_NAME: readerName };
  const pod = spawn(process.execPath, [program], {
    env: { ...process.env, ...env, DB_NAME: 'shop', DB_USER: 'shop' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(pod.stdout, 'data');
  const { port } = JSON.parse(line).listening;
  return { process: pod, address: { name, zone: 'local-1a', host: '127.0.0.1', port } };
}

async function startEdge(pods: Pod[]) {
  const group = new TargetGroup({ healthChecks: true });
  const { server, counters } = createEdge(group);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  group.register(pods.map(({ address }) => address));
  const isServing = () => group.list().every(({ health }) => health.state === 'healthy');
  await expect.poll(isServing, { timeout: 10_000 }).toBe(true);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counters,
    group,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await group.destroy();
    },
  };
}

/** Sends requests at the rate. The returned function stops it and resolves with their statuses. */
function shoppers(url: string) {
  const answers: Promise<number>[] = [];
  const dispatcher = new Agent({ connections: 64 });
  const startedAtMs = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAtMs) * ratePerSecond) / 1000;
    while (answers.length < due) answers.push(browse(url, answers.length, dispatcher));
  }, 5);
  return async () => {
    clearInterval(timer);
    const statuses = await Promise.all(answers);
    await dispatcher.close();
    return statuses;
  };
}

async function browse(url: string, number: number, dispatcher: Agent): Promise<number> {
  const { statusCode, body } = await dispatcher.request({
    origin: url,
    path: `/products/${1 + (number % 50)}`,
    method: 'GET',
    headers: { 'x-tenant': 'north' },
  });
  await body.dump();
  return statusCode;
}

test('a pod that is told to stop fails no request at 200 a second', async () => {
  const [leaving, staying] = await Promise.all([startPod('leaving'), startPod('staying')]);
  await using edge = await startEdge([leaving, staying]);
  const stop = shoppers(edge.url);
  await sleep(1_000);
  leaving.process.kill('SIGTERM');
  const exited = once(leaving.process, 'exit');
  await sleep(edgeLagMs);
  edge.group.register([staying.address]);
  expect(await exited).toEqual([0, null]);
  await sleep(300);
  const statuses = await stop();
  expect(statuses.length).toBeGreaterThan(ratePerSecond);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(edge.counters.own).toEqual({});
  staying.process.kill('SIGKILL');
}, 30_000);
