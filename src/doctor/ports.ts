import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import type { Answer, Check } from './check.ts';

const word = 'tenfold was here';
const askTimeoutMs = 5_000;

/** Whether programs here reach each other over loopback, and nobody answers in between. */
export const ports: Check = {
  id: 'ports',
  title: 'Loopback',
  run: async () => [await judged('127.0.0.1'), await judged('::1')],
};

async function judged(host: '127.0.0.1' | '::1'): Promise<Answer> {
  const trouble = await troubleOn(host);
  if (trouble === undefined) return { outcome: 'ok', message: `a port of ${host} can be opened, and answers` };
  if (host === '::1') return { outcome: 'ok', message: `no IPv6 (${trouble}), which only a shop without IPv4 needs` };
  return {
    outcome: 'problem',
    message: `no port of ${host} answers: ${trouble}`,
    remedy: 'bring lo up, and allow programs to reach each other there',
  };
}

/** Asks as the harness asks a region's control API. */
export async function troubleOn(host: string): Promise<string | undefined> {
  const agent = new Agent();
  const server = createServer((_, response) => response.setHeader('connection', 'close').end(word));
  try {
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const at = host.includes(':') ? `[${host}]` : host;
    const { statusCode, body } = await request(`http://${at}:${port}/`, {
      dispatcher: agent,
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    return (await body.text()) === word ? undefined : `another program answers there, with ${statusCode}`;
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
    return cause?.code ?? code ?? message;
  } finally {
    await agent.destroy();
    server.close();
  }
}
