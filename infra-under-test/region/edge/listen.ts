import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, createServer, type ListenOptions, type Server as TcpServer } from 'node:net';
import { platform } from 'node:os';

/**
 * libuv accepts one new connection per socket in each turn of the event loop. A busy edge's turns take tens of
 * milliseconds: when all shoppers came back at once after a failure, new connections queued for seconds, until their
 * clients gave up and retried. Linux distributes the connections to one port among many sockets (SO_REUSEPORT).
 */
const socketsAPort = platform() === 'linux' ? 32 : 1;

/**
 * Listens on a port of 127.0.0.1 with many sockets; 0: any free one.
 * @returns the port. Rejects when it is taken
 */
export async function listenWidely(server: Server, port: number): Promise<number> {
  if (socketsAPort === 1) return await listen(server, { port });
  // With SO_REUSEPORT alone, two edges of one user would silently share a port.
  const free = createServer();
  await listen(free, { port });
  await new Promise((closed) => free.close(closed));

  const taken = await listen(server, { port, reusePort: true });
  const others = Array.from({ length: socketsAPort - 1 }, () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  );
  await Promise.all(others.map((other) => listen(other, { port: taken, reusePort: true })));
  server.once('close', () => {
    for (const other of others) other.close();
  });
  return taken;
}

/** Listens on 127.0.0.1. Returns the port; rejects when it is taken. */
export async function listen(server: TcpServer, options: ListenOptions): Promise<number> {
  server.listen({ ...options, host: '127.0.0.1' });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
