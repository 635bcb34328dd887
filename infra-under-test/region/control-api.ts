import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import type { Controller } from './compute/controller.ts';
import type { Inventory } from './compute/inventory.ts';
import type { Heartbeat } from './compute/protocol.ts';
import type { EventLog } from './events.ts';

export interface ControlApiDependencies {
  regionId: string;
  /** A node must send it with its heartbeat: the answer holds the pods' secrets. */
  token: string;
  controller: Controller;
  events: EventLog;
  inventory: () => Inventory;
  describeDatabase: () => unknown;
}

export interface ControlApi {
  url: string;
  close(): Promise<void>;
}

/** Starts the control API on a free port of loopback. */
export async function startControlApi(dependencies: ControlApiDependencies): Promise<ControlApi> {
  const app = fastify({ forceCloseConnections: true });
  addRoutes(app, dependencies);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}

function addRoutes(app: FastifyInstance, dependencies: ControlApiDependencies): void {
  const { regionId, token, controller, events, inventory, describeDatabase } = dependencies;
  app.post<{ Body: Heartbeat }>('/heartbeats', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return reply.code(401).send({ error: 'not a node of this region' });
    return controller.heartbeat(request.body);
  });
  app.get('/targets', async () => controller.targets());
  app.get('/pods', async () => controller.pods().filter(({ baseUrl }) => baseUrl !== null));
  app.get('/status', async () => ({
    id: regionId,
    nodes: controller.nodes(),
    pods: controller.pods(),
    database: describeDatabase(),
  }));
  app.get('/inventory', async () => inventory());
  addSince(app, '/events', (sinceMs) => events.since(sinceMs));
  addSince(app, '/pod-ends', (sinceMs) => controller.podEnds(sinceMs));
}

function addSince(app: FastifyInstance, path: string, list: (sinceMs: number) => unknown[]): void {
  app.get<{ Querystring: { sinceMs?: string } }>(path, async (request, reply) => {
    const sinceMs = Number(request.query.sinceMs ?? 0);
    if (!Number.isFinite(sinceMs))
      return reply.code(400).send({ error: 'sinceMs must be a number: epoch milliseconds' });
    return list(sinceMs);
  });
}
