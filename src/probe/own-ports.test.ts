import { once } from 'node:events';
import { createServer } from 'node:net';
import { type buildConnector, Client } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { fromOwnPorts, sourcePorts } from './own-ports.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serverAt(port: number): Promise<{ port: number; from: number[] }> {
  const from: number[] = [];
  const server = createServer((socket) => {
    from.push(socket.remotePort ?? 0);
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as { port: number }).port, from };
}

async function ask(port: number, connect: buildConnector.connector): Promise<number> {
  const client = new Client(`http://127.0.0.1:${port}`, { connect });
  closing.push(() => client.destroy());
  const { statusCode, body } = await client.request({ method: 'GET', path: '/' });
  await body.dump();
  return statusCode;
}

it('gives every port once before one comes again', () => {
  const ports = sourcePorts();
  const turn = Array.from({ length: 20_000 }, () => ports.next().value);
  expect(new Set(turn).size).toBe(turn.length);
  expect(Math.min(...turn)).toBe(10_000);
  expect(Math.max(...turn)).toBe(29_999);
  expect(ports.next().value).toBe(turn[0]);
});

it('connects from one port after the other, and passes over one that somebody else has', async () => {
  const shop = await serverAt(0);
  const somebody = await serverAt(0);
  function* portsInTurn() {
    yield somebody.port;
    yield* sourcePorts();
  }
  const connect = fromOwnPorts({ timeout: 1_000 }, portsInTurn());
  expect(await ask(shop.port, connect)).toBe(200);
  expect(await ask(shop.port, connect)).toBe(200);
  const [one, other] = shop.from as [number, number];
  expect(one).toBeGreaterThanOrEqual(10_000);
  expect(one).toBeLessThan(30_000);
  expect(other).not.toBe(one);
});

it('says so when all of ten ports are taken', async () => {
  const shop = await serverAt(0);
  const somebody = await serverAt(0);
  const asked: number[] = [];
  const ports = { next: () => ({ value: asked[asked.push(somebody.port) - 1] as number, done: false }) };
  await expect(ask(shop.port, fromOwnPorts({ timeout: 1_000 }, ports))).rejects.toThrow('EADDRINUSE');
  expect(asked).toHaveLength(10);
});
