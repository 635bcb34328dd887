import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { listenWidely } from './listen.ts';

const clients = 200;
/** Sends a port this many requests at once, each on a new connection, and ends when all are answered. */
const ask = `let left = ${clients};
  for (let i = 0; i < ${clients}; i++) require('node:http').get({ host: '127.0.0.1', port: process.argv[1], agent: false },
    (answer) => answer.resume().on('end', () => --left || process.exit()));`;

const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

describe.runIf(process.platform === 'linux')('a port with many sockets', () => {
  test('takes in many new connections in one turn of a busy event loop', async () => {
    const turns: number[] = [];
    const server = createServer((_, response) => response.end()).on('connection', () => turns.push(now));
    let now = 0;
    const port = await listenWidely(server, 0);
    const asking = spawn(process.execPath, ['-e', ask, String(port)]);
    let ended = false;
    void once(asking, 'exit').then(() => (ended = true));
    for (; !ended; now += 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      await turn();
    }
    await closed(server);
    expect(turns).toHaveLength(clients);
    // One socket needs as many turns as there are connections.
    expect((turns.at(-1) as number) - (turns[0] as number)).toBeLessThan(clients / 4);
  });

  test('is nobody else’s: a second server on it is refused', async () => {
    const [first, second] = [createServer(), createServer()];
    const port = await listenWidely(first, 0);
    await expect(listenWidely(second, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await closed(first);
    expect(await listenWidely(second, port)).toBe(port);
    await closed(second);
  });
});
