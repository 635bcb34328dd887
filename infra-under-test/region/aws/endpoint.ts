import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DatabaseCluster } from '../database/cluster.ts';
import { host } from '../database/topology.ts';
import type { Machines } from '../machines.ts';
import { fisService } from './fis/service.ts';
import { rdsService } from './rds.ts';
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from './service.ts';
import { type Credentials, readSignature, verifySignature } from './signature.ts';

export interface AwsEndpointOptions extends Credentials {
  cluster: DatabaseCluster;
  machines: Machines;
  /** How many times faster than on AWS durations in FIS pass. */
  timeScale: number;
  /** Receives what FIS does. */
  tell?: (message: string) => void;
  /** The region that requests must be signed for. */
  region: string;
  /** 0: any free port. */
  port?: number;
}

/** An endpoint for AWS SDKs. */
export interface AwsEndpoint extends AsyncDisposable {
  /** Its URL, for a client's `endpoint`. */
  endpoint: string;
  close(): Promise<void>;
}

/** Starts the AWS-compatible endpoint on loopback: requests go to the service that their signature is scoped to. */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { tell = () => {} } = options;
  const closing = new AbortController();
  const services = [
    rdsService(options.cluster, options.region),
    fisService({ ...options, tell, closing: closing.signal }),
  ];
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then((request) => answer(request, services, options))
      .then((reply) => outgoing.writeHead(reply.status, reply.headers).end(reply.body))
      // The client left halfway.
      .catch(() => outgoing.destroy());
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const close = async () => {
    if (!server.listening) return;
    closing.abort();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { endpoint: `http://${host}:${(server.address() as AddressInfo).port}`, close, [Symbol.asyncDispose]: close };
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return { method: incoming.method ?? 'GET', path, query, headers, body: Buffer.concat(chunks).toString() };
}

async function answer(request: AwsRequest, services: AwsService[], options: AwsEndpointOptions): Promise<AwsReply> {
  const requestId = randomUUID();
  let service = services[0] as AwsService;
  try {
    const signature = readSignature(request);
    const addressed = services.find(({ scope }) => scope === signature.service);
    if (!addressed) throw new AwsError('UnknownService', 404, `This endpoint has no service '${signature.service}'.`);
    service = addressed;
    await verifySignature(request, signature, options, options.region);
    return await service.handle(request, requestId);
  } catch (error) {
    const known = error instanceof AwsError ? error : new AwsError('InternalFailure', 500, (error as Error).message);
    return service.refuse(known, requestId);
  }
}
