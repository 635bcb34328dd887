import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EvidenceStore } from '../../src/analysis/evidence-store.ts';
import type { LaneProbes } from '../../src/analysis/lane-probes.ts';
import { readProbes } from '../../src/analysis/probes.ts';
import { findK6 } from '../../src/load/find-k6.ts';
import { runK6 } from '../../src/load/run-k6.ts';
import { evidenceFiles } from '../../src/model/evidence.ts';
import type { Lane } from '../../src/model/lane.ts';
import { startSentinel } from '../../src/probe/start-sentinel.ts';
import { nowMs, sleepMs, waitFor } from '../../src/runtime/clock.ts';
import { writeJson } from '../../src/runtime/files.ts';
import { type HostLoad, hostMeter } from '../../src/runtime/host.ts';
import { rootFolder, startOwnedNode, stopOwned } from '../../src/runtime/processes.ts';
import { freePorts } from './ports.ts';
import { edge, type Schedule, serversOf, slotMs } from './schedule.ts';
import type { Said, ShopSpec } from './shop.ts';
import type { TruthTraffic } from './traffic.ts';

export interface Measured {
  startMs: number;
  said: Said[];
  lanes: LaneProbes[];
  latenessP99Ms: number | null;
  k6: { version: string; requests: number; exitCode: number | null };
  host: HostLoad;
  problems: string[];
}

export const intervalMs = 10;
export const laneName = (shop: number, server: string): string => `shop-${shop}-${server}`;

const here = join(rootFolder, 'bench', 'truth');
const timeoutMs = 2_000;
/** Time for the sentinel and k6 to start, and for probes in flight at the end. */
const leadMs = 4_000;
const tailMs = 1_000;

/** Runs the schedules, with the real sentinel and real k6 on the scripted shops, and reads back the evidence. */
export async function measure(
  schedules: Schedule[],
  shops: number,
  ratePerSecond: number,
  say: (line: string) => void,
): Promise<Measured> {
  const k6 = await findK6(say);
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-truth-'));
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  const ports = await portsOf(shops);
  const startMs = nowMs() + leadMs;
  const runMs = Math.ceil(schedules.length / shops) * slotMs + tailMs;
  await using shop = await startShops({ startMs, shops: ports, schedules }, folder);
  const csv = join(folder, 'k6.csv');
  const meter = hostMeter();
  let ended = { exitCode: null as number | null };
  {
    const output = join(folder, evidenceFiles.probes);
    const told = { lanes: lanesOf(ports), tenant: 'bench', family: 4 as const, timeoutMs, output };
    await using sentinel = await startSentinel(told, join(folder, 'sentinel.json'), () => {});
    void sentinel.ended.then(({ message }) => message && say(`the sentinel ended: ${message}`));
    const traffic: TruthTraffic = {
      urls: ports.map((servers) => urlOf(servers[edge] as number)),
      ratePerSecond,
      durationMs: leadMs + runMs,
    };
    const specFile = join(folder, 'load.json');
    await writeJson(specFile, traffic);
    await using load = runK6(k6, { script: join(here, 'traffic.ts'), specFile, csvPath: csv });
    await sleepMs(startMs + runMs - nowMs());
    ended = await load.ended;
  }
  const host = meter();
  using store = await EvidenceStore.open(folder);
  const probes = await readProbes(store);
  const requests = await store.rows(
    `SELECT count(*)::INTEGER AS count FROM read_csv('${csv}', all_varchar = true, ignore_errors = true)
     WHERE metric_name = 'http_reqs'`,
  );
  return {
    startMs,
    said: shop.said,
    ...probes,
    k6: { version: k6.version, requests: Number(requests[0]?.count), exitCode: ended.exitCode },
    host,
    problems: store.problems.map(({ message }) => message),
  };
}

async function portsOf(shops: number): Promise<ShopSpec['shops']> {
  const servers = Array.from({ length: shops }, (_, shop) => serversOf(shop, shops));
  const free = await freePorts(servers.flat().length);
  return servers.map((names) => Object.fromEntries(names.map((name) => [name, free.pop() as number])));
}

async function startShops(spec: ShopSpec, folder: string) {
  const file = join(folder, 'shops.json');
  await writeFile(file, JSON.stringify(spec));
  const child = startOwnedNode(join(here, 'shop.ts'), [file]);
  const said: Said[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said));
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const isUp = () => (said.length > 0 ? true : undefined);
  await waitFor(`the scripted shops to listen ${errors.join(' ')}`, isUp, { timeoutMs: leadMs, intervalMs: 20 });
  return { said, [Symbol.asyncDispose]: () => stopOwned(child, 'SIGTERM', 2_000) };
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** One lane per server, each at the full rate: pooled connections and new ones, reads and writes in turn. */
const lanesOf = (ports: ShopSpec['shops']): Lane[] =>
  ports.flatMap((servers, shop) =>
    Object.entries(servers).map(([server, port]) => ({
      lane: laneName(shop, server),
      path: shop % 2 === 0 ? ('read' as const) : ('write' as const),
      via: server === edge ? ('edge' as const) : ('replica' as const),
      replica: server === edge ? '' : server,
      zone: '',
      connection: shop % 4 < 2 ? ('pooled' as const) : ('new' as const),
      baseUrl: urlOf(port),
      intervalMs,
    })),
  );
