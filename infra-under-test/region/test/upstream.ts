import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TargetAddress } from '../edge/target.ts';

/** A pod for tests, in this process. */
export interface Upstream extends AsyncDisposable {
  address: TargetAddress;
  /** What GET /readyz answers. */
  ready: boolean;
  /** Requests that reached it, health checks excepted. */
  requests: IncomingMessage[];
  connections: number;
}

/** Starts a pod that answers by `handle`, by default with its name. */
export async function startUpstream(
  name: string,
  handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end(name),
): Promise<Upstream> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/readyz') return response.writeHead(upstream.ready ? 200 : 503).end();
    upstream.requests.push(request);
    return handle(request, response);
  });
  server.on('connection', () => {
    upstream.connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    address: { name, zone: 'local-1a', host: '127.0.0.1', port },
    ready: true,
    requests: [],
    connections: 0,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return upstream;
}
