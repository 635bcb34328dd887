import type { AddressInfo } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { invalid } from '../model/errors.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { type Refusal, refusalOf } from '../runtime/loopback-only.ts';
import type { Document } from './document.ts';
import type { EventLog } from './event-log.ts';
import { isSame, newToken } from './tokens.ts';
import { Viewer } from './viewer.ts';

export const mostViewers = 50;
/** With the connections of those who load the page or stop the drill. */
const mostConnections = 2 * mostViewers;
/** What is new is sent so often. */
const sendEveryMs = 200;
const beatEveryMs = 15_000;
/** How long those who watch have, at the end, to take what they were sent last. */
const partingMs = 1_000;

/** A live drill, as a server shows it. */
export interface Live {
  log: EventLog;
  /** Ends the drill with this id in order. Returns why it cannot, or undefined. */
  stop: (runId: string) => string | undefined;
  /** Writes down that somebody did a step of its runbook. Returns why it cannot, or undefined. */
  tick: (runId: string, said: { step?: unknown; by?: unknown }) => string | undefined;
}

export interface WatchServer extends AsyncDisposable {
  /** For those who may act too. */
  url: string;
  /** Tells it that there is something new. */
  wake(): void;
}

/**
 * Serves a page on loopback, at a port and a path that nobody can guess, and a drill's events if there is one.
 * @throws TenfoldError (invalid) when there is no port to be had
 */
export async function startServer(document: Document, live?: Live): Promise<WatchServer> {
  const tokens = { watch: newToken(), stop: newToken() };
  const server = fastify({
    bodyLimit: 1_024,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    requestTimeout: 10_000,
  });
  server.server.maxConnections = mostConnections;
  server.server.headersTimeout = 5_000;
  const headers = { ...document.headers, 'cache-control': 'no-store' };
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(headers);
    const refusal = refusalOf(request.headers) ?? wrongToken(request, tokens.watch);
    if (refusal) return await refuse(reply, refusal);
  });
  server.get('/:token/', async (_, reply) => await reply.type('text/html; charset=utf-8').send(document.html));
  const viewers = live ? serveLive(server, live, { headers, stopToken: tokens.stop }) : undefined;
  await server.listen({ host: '127.0.0.1', port: 0 }).catch((error: Error) => {
    throw invalid(`the page cannot be served: ${error.message}`, 'leave --watch out, or free a port on 127.0.0.1');
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${tokens.watch}/${live ? `#stop=${tokens.stop}` : ''}`,
    wake: () => viewers?.wake(),
    async [Symbol.asyncDispose]() {
      await viewers?.part();
      await server.close();
    },
  };
}

function wrongToken({ params }: FastifyRequest, token: string): Refusal | undefined {
  const given = (params as { token?: string }).token ?? '';
  return isSame(given, token) ? undefined : { status: 403, message: 'the link is not, or no longer, right' };
}

const refuse = (reply: FastifyReply, { status, message }: Refusal): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);

function serveLive(
  server: FastifyInstance,
  live: Live,
  { headers, stopToken }: { headers: Record<string, string>; stopToken: string },
) {
  const viewers = new Set<Viewer>();
  let waking: NodeJS.Timeout | undefined;
  const sendAll = () => {
    waking = undefined;
    for (const viewer of viewers) viewer.send();
  };
  const beating = setInterval(() => {
    for (const viewer of viewers) viewer.beat();
  }, beatEveryMs).unref();

  server.get('/:token/events', async (request, reply) => {
    if (viewers.size >= mostViewers)
      return await refuse(reply.header('retry-after', '5'), {
        status: 503,
        message: `${mostViewers} are watching already`,
      });
    reply.hijack();
    const lastId = Number(request.headers['last-event-id'] ?? 0);
    reply.raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
    // A viewer's clock may be another one.
    reply.raw.write(`retry: 1000\nevent: clock\ndata: ${nowMs()}\n\n`);
    const viewer = new Viewer(reply.raw, live.log, Number.isSafeInteger(lastId) ? lastId : 0);
    viewers.add(viewer);
    reply.raw.on('close', () => viewers.delete(viewer));
    viewer.send();
  });

  const act = (what: 'stop' | 'tick') => async (request: FastifyRequest, reply: FastifyReply) => {
    const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!isSame(given, stopToken))
      return await refuse(reply, { status: 403, message: 'this link is for watching only' });
    const { runId, ...said } = (request.body ?? {}) as Record<string, unknown>;
    const problem = typeof runId === 'string' ? live[what](runId, said) : 'it was not said which drill';
    if (problem !== undefined) return await refuse(reply, { status: 409, message: problem });
    return await reply.code(202).send();
  };
  server.post('/:token/stop', act('stop'));
  server.post('/:token/tick', act('tick'));

  return {
    wake() {
      waking ??= setTimeout(sendAll, sendEveryMs).unref();
    },
    async part() {
      clearInterval(beating);
      clearTimeout(waking);
      const enough = new AbortController();
      const all = Promise.all([...viewers].map((viewer) => viewer.end()));
      await Promise.race([all, sleepMs(partingMs, enough.signal).catch(() => {})]);
      enough.abort();
    },
  };
}
