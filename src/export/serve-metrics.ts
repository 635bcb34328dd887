import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { invalid } from '../model/errors.ts';
import { refusalOf } from '../runtime/loopback-only.ts';
import type { ListenAt } from './addresses.ts';

const mostConnections = 50;

/** Serves numbers to a Prometheus, and to nobody's browser. @throws TenfoldError (invalid) when there is no such port to be had */
export async function serveMetrics(
  { host, port }: ListenAt,
  text: () => string,
): Promise<AsyncDisposable & { url: string }> {
  const server = fastify({ forceCloseConnections: true, exposeHeadRoutes: false, requestTimeout: 10_000 });
  server.server.maxConnections = mostConnections;
  const isHere = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  server.addHook('onRequest', async ({ headers }, reply) => {
    // Under any name where it is meant for others; a page never asks for them.
    const refusal = refusalOf(isHere ? headers : { ...headers, host: '127.0.0.1' });
    if (refusal) return await reply.code(refusal.status).type('text/plain; charset=utf-8').send(`${refusal.message}\n`);
  });
  server.get('/metrics', async ({ headers }, reply) => await reply.type(typeFor(headers.accept)).send(text()));
  await server.listen({ host, port }).catch((error: Error) => {
    throw invalid(
      `metrics cannot be served at ${host}:${port}: ${error.message}`,
      'give another port with --metrics PORT, or leave it out',
    );
  });
  const { address, port: taken, family } = server.server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`,
    [Symbol.asyncDispose]: async () => await server.close(),
  };
}

/** To those who do not know OpenMetrics, it is Prometheus' own text with a comment more. */
const typeFor = (accept = ''): string =>
  accept.includes('application/openmetrics-text')
    ? 'application/openmetrics-text; version=1.0.0; charset=utf-8'
    : 'text/plain; version=0.0.4; charset=utf-8';
