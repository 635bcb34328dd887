import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { host } from './topology.ts';

/** A TCP proxy in front of a server that is far away, for those that replicate from it. */
export interface DelayProxy extends AsyncDisposable {
  port: number;
  /** Passes on nothing until `release`, which passes on all that came in the meantime. */
  hold(): void;
  /** Holds, and drops what it held and all its connections, as when the server's machine dies; accepts new ones. */
  cut(): void;
  release(): void;
}

/** The server's answer to START_REPLICATION (CopyBothResponse): the changes come after it. */
const streamStarts = 'W'.charCodeAt(0);

/**
 * Starts a proxy that delivers the stream of changes `delayMs` late. What it still holds when the server's
 * side closes is lost, like what a dead machine had not sent yet.
 */
export async function startDelayProxy(serverPort: number, delayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const held: [to: Socket, chunk: Buffer][] = [];
  let holding = false;
  const pass = (to: Socket, chunk: Buffer) => {
    if (holding) held.push([to, chunk]);
    else if (!to.destroyed) to.write(chunk);
  };
  const proxy = createServer((client) => {
    const server = connect(serverPort, host);
    for (const [socket, peer] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('end', () => peer.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
    client.on('data', (chunk) => pass(server, chunk));
    let late = false;
    server.on('data', (chunk) => {
      late ||= chunk[0] === streamStarts;
      if (late) setTimeout(pass, delayMs, client, chunk);
      else pass(client, chunk);
    });
  });
  const hold = () => {
    holding = true;
  };
  const cut = () => {
    hold();
    held.length = 0;
    for (const socket of sockets) socket.destroy();
  };
  proxy.listen(0, host);
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    hold,
    cut,
    release() {
      holding = false;
      for (const [to, chunk] of held.splice(0)) pass(to, chunk);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(proxy, 'close');
      proxy.close();
      cut();
      await closed;
    },
  };
}
