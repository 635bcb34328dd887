/**
 * The scripted shops, in a process of their own: `node shop.ts SPEC_FILE` (a ShopSpec). Says `{"ready":true}` when all
 * servers listen, and then one line of what it did (Said) for each change. Ends when stdin does.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';
import type { Fault, Schedule } from './schedule.ts';

export interface ShopSpec {
  startMs: number;
  /** Ports of each shop's servers, by name. */
  shops: Record<string, number>[];
  schedules: Schedule[];
}

/** A change of a server and when it was made, or a stretch in which the shop's event loop stalled. */
export type Said =
  | { ready: true }
  | { schedule: number; burst: number; broken: boolean; plannedMs: number; atMs: number }
  | { stalledFromMs: number; stalledToMs: number };

interface Scripted {
  port: number;
  fault: Fault | null;
  slowByMs: number;
  /** Answers that wait for the outage to end. */
  held: (() => void)[];
  http: Server;
}

const spec = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as ShopSpec;
const say = (said: Said) => process.stdout.write(`${JSON.stringify(said)}\n`);

const shops = spec.shops.map((ports) => {
  const names = Object.keys(ports);
  const servers = new Map<string, Scripted>(names.map((name) => [name, scripted(ports[name] as number)]));
  // Requests to the edge go to the replicas in turn, where there are any.
  const behind = names.filter((name) => name !== 'edge').map((name) => servers.get(name) as Scripted);
  let turn = 0;
  for (const [name, server] of servers) {
    const isBalancer = name === 'edge' && behind.length > 0;
    const next = (): Scripted => behind[turn++ % behind.length] as Scripted;
    server.http.on('request', (request, response) =>
      answer(isBalancer ? next() : server, isBalancer, request, response),
    );
  }
  return servers;
});

function scripted(port: number): Scripted {
  const http = createServer({ keepAliveTimeout: 75_000 });
  return { port, fault: null, slowByMs: 0, held: [], http };
}

function answer(
  { fault, slowByMs, held }: Scripted,
  isBalancer: boolean,
  request: IncomingMessage,
  response: ServerResponse,
) {
  let sent = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    sent += text;
  });
  const reply = (status: number, bodyOf: (right: object) => object, when = (send: () => void) => send()) => {
    const send = () => {
      const body = JSON.stringify(bodyOf(rightAnswer(request.url ?? '', sent)));
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    request.on('end', () => when(send));
  };
  // A balancer whose replica refuses or resets answers that itself.
  if (isBalancer && (fault === 'refuse' || fault === 'reset')) reply(502, () => ({}));
  else if (fault === 'reset') request.socket.resetAndDestroy();
  else if (fault === '5xx') reply(503, () => ({}));
  else if (fault === 'wrong answer') reply(200, (right) => ({ ...right, id: 'another' }));
  else if (fault === 'slow')
    reply(
      200,
      (right) => right,
      (send) => void setTimeout(send, slowByMs),
    );
  else if (fault === 'hold')
    reply(
      200,
      (right) => right,
      (send) => void held.push(send),
    );
  else if (fault !== 'hang') reply(200, (right) => right);
}

/** What the sentinel must be told about its product, or its cart. */
function rightAnswer(url: string, sent: string): object {
  const name = url.split('/').at(-1) ?? '';
  if (sent === '') return { id: Number(name), sku: `bench-${name}`, name };
  const { lines } = JSON.parse(sent) as { lines: { productId: number; quantity: number }[] };
  return { id: name, lines: lines.map((line) => ({ ...line, priceCents: 1 })), totalCents: lines.length };
}

const listen = (server: Scripted): Promise<void> =>
  new Promise((resolve, reject) => {
    server.http.once('error', reject);
    server.http.listen(server.port, '127.0.0.1', () => resolve());
  });

/** Returns the instant from which every accepted request meets the fault. */
function breakServer(server: Scripted, { fault, slowByMs }: Schedule): number {
  // Before the first connection is closed: its client may run, and see it, before this process goes on.
  const atMs = nowMs();
  Object.assign(server, { fault, slowByMs });
  if (fault === 'refuse') {
    server.http.close();
    server.http.closeAllConnections();
  }
  return atMs;
}

/** Returns the instant from which a request that arrives is answered rightly. */
async function mend(server: Scripted, { fault }: Schedule): Promise<number> {
  if (fault === 'refuse') await listen(server);
  server.fault = null;
  const atMs = nowMs();
  for (const answerHeld of server.held.splice(0)) answerHeld();
  return atMs;
}

async function follow(schedule: Schedule): Promise<void> {
  const server = shops[schedule.shop]?.get(schedule.server) as Scripted;
  for (const [burst, { fromMs, toMs }] of schedule.broken.entries()) {
    const plannedMs = { from: spec.startMs + fromMs, to: spec.startMs + toMs };
    await sleepMs(plannedMs.from - nowMs());
    const brokenAtMs = breakServer(server, schedule);
    say({ schedule: schedule.id, burst, broken: true, plannedMs: plannedMs.from, atMs: brokenAtMs });
    await sleepMs(plannedMs.to - nowMs());
    const mendedAtMs = await mend(server, schedule);
    say({ schedule: schedule.id, burst, broken: false, plannedMs: plannedMs.to, atMs: mendedAtMs });
  }
}

/** While the loop stalls, no request that has arrived is answered, and no fault begins. */
function watchStalls(): void {
  const everyMs = 5;
  let lastMs = nowMs();
  setInterval(() => {
    const atMs = nowMs();
    if (atMs - lastMs > 2 * everyMs) say({ stalledFromMs: lastMs, stalledToMs: atMs });
    lastMs = atMs;
  }, everyMs);
}

process.stdin.on('end', () => process.exit(0)).resume();
await Promise.all(shops.flatMap((servers) => [...servers.values()].map(listen)));
say({ ready: true });
watchStalls();
for (const schedule of spec.schedules) void follow(schedule);
