import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startDelayProxy } from './delay-proxy.ts';

/** A server, and a client that reaches it through the proxy. */
async function connected(delayMs: number) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startDelayProxy((server.address() as AddressInfo).port, delayMs);
  const client = connect(proxy.port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  let received = '';
  client.on('data', (chunk) => {
    received += chunk;
  });
  return {
    far,
    client,
    received: () => received,
    cut: proxy.cut,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await proxy[Symbol.asyncDispose]();
      server.close();
    },
  };
}

describe('startDelayProxy', () => {
  it('delays the stream of changes and nothing before it', async () => {
    await using peers = await connected(200);
    peers.far.write('hello');
    await once(peers.client, 'data');
    peers.far.write('W changes');
    await sleep(100);
    expect(peers.received()).toBe('hello');
    await once(peers.client, 'data');
    expect(peers.received()).toBe('helloW changes');
  });

  it('loses what it holds when the server is gone', async () => {
    await using peers = await connected(200);
    peers.far.end('W changes');
    await once(peers.client, 'close');
    await sleep(250);
    expect(peers.received()).toBe('');
  });

  it('loses what it holds when it is cut, though the server lives on', async () => {
    await using peers = await connected(200);
    peers.far.write('W changes');
    await sleep(50);
    peers.cut();
    await once(peers.client, 'close');
    await sleep(250);
    expect(peers.received()).toBe('');
  });
});
