import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { DatabaseAwayError } from './db/errors.ts';
import { ShopError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { cartRoutes } from './routes/carts.ts';
import { type CatalogueDependencies, catalogueRoutes } from './routes/catalogue.ts';
import { healthRoutes } from './routes/health.ts';
import { type OrderDependencies, orderRoutes } from './routes/orders.ts';
import { type SessionDependencies, sessionRoutes } from './routes/sessions.ts';
import type { Shedder } from './shedding.ts';
import type { Tenant } from './tenant.ts';

declare module 'fastify' {
  interface FastifyRequest {
    tenant: Tenant;
  }
  interface FastifyContextConfig {
    /** Whether the route can do nothing without the database's writer. */
    waitsForWriter?: boolean;
  }
}

export interface AppDependencies {
  podName: string;
  tenants: Map<string, Tenant>;
  catalogue: CatalogueDependencies;
  orders: OrderDependencies;
  sessions: SessionDependencies['sessions'];
  metrics: Metrics;
  /** null: nothing is shed. */
  shedder: Shedder | null;
  isReady(): boolean;
  /** Whether it serves shoppers yet. */
  isWarm(): boolean;
  /** Whether it is about to end: every answer then asks the client to open a new connection, which leads elsewhere. */
  isClosing(): boolean;
  /** The header x-warm-up of the pod's own requests, which are served before it is warm. */
  warmUpPass: string;
  logError(error: unknown): void;
}

/** The shop's HTTP interface on top of its dependencies; opens nothing itself. */
export function createApp(dependencies: AppDependencies): FastifyInstance {
  const { podName, isClosing, logError, metrics } = dependencies;
  const app = fastify({ bodyLimit: 64 * 1024, routerOptions: { maxParamLength: 128 }, return503OnClosing: false });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-pod', podName);
    if (isClosing()) reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler((error, _request, reply) => sendError(error as FastifyError, reply, logError));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, 'unknown-path', 'There is nothing here.'));
  healthRoutes(app, { isReady: dependencies.isReady, metrics });
  app.register(async (shop) => shopRoutes(shop, dependencies));
  return app;
}

function shopRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  const { tenants, shedder, metrics } = dependencies;
  refuseWhileStarting(app, dependencies);
  if (shedder) shedLoad(app, shedder, metrics);
  app.decorateRequest('tenant');
  app.addHook('onRequest', (request, _reply, done) => done(takeTenant(request, tenants)));
  app.addHook('onResponse', (request, reply, done) => {
    metrics.countResponse(request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime);
    done();
  });
  catalogueRoutes(app, dependencies.catalogue);
  cartRoutes(app, dependencies.orders);
  orderRoutes(app, dependencies.orders);
  sessionRoutes(app, dependencies);
}

function refuseWhileStarting(app: FastifyInstance, { isWarm, warmUpPass }: AppDependencies): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (isWarm() || request.headers['x-warm-up'] === warmUpPass) return done();
    sendUnavailable(reply, 'starting', 'The pod is not warm yet.');
  });
}

function shedLoad(app: FastifyInstance, shedder: Shedder, metrics: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    const waitsForWriter = request.routeOptions.config.waitsForWriter === true;
    const bulkhead = waitsForWriter ? shedder.writes : shedder.reads;
    if (!bulkhead.enter()) {
      metrics.shed.labels(waitsForWriter ? 'write' : 'read').inc();
      sendUnavailable(reply, 'overloaded', 'Too many requests are in flight.');
      return;
    }
    reply.raw.once('close', () => bulkhead.leave(reply.raw.writableEnded && reply.statusCode !== 503));
    done();
  });
}

function takeTenant(request: FastifyRequest, tenants: Map<string, Tenant>): ShopError | undefined {
  const name = request.headers['x-tenant'];
  if (typeof name !== 'string') return new ShopError(400, 'no-tenant', 'The header x-tenant is missing.');
  const tenant = tenants.get(name);
  if (!tenant) return new ShopError(404, 'unknown-tenant', `There is no tenant ${name}.`);
  request.tenant = tenant;
  return undefined;
}

function sendError(
  error: FastifyError | ShopError,
  reply: FastifyReply,
  logError: (error: unknown) => void,
): FastifyReply {
  if (error instanceof ShopError) return sendProblem(reply, error.status, error.code, error.message);
  if (error instanceof DatabaseAwayError) return sendUnavailable(reply, 'database-away', error.message);
  const status = error.statusCode ?? 500;
  if (status < 500) return sendProblem(reply, status, 'invalid-request', error.message);
  logError(error);
  return sendProblem(reply, 500, 'internal', 'The shop has a bug; it was logged.');
}

function sendUnavailable(reply: FastifyReply, code: string, message: string): FastifyReply {
  return sendProblem(reply.header('retry-after', '1'), 503, code, message);
}

function sendProblem(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: code, message });
}
