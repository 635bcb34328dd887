import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';

/**
 * Liveness, readiness, metrics; without a tenant and never shed. Readiness does not ask the database: while it is
 * away every pod still serves the catalogue it knows, and taking all of them out would take the shop down.
 */
export function healthRoutes(
  app: FastifyInstance,
  { isReady, metrics }: { isReady(): boolean; metrics: Metrics },
): void {
  app.get('/livez', () => ({ status: 'live' }));
  app.get('/readyz', (_request, reply) => {
    const ready = isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'warming up' });
  });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await metrics.text()));
}
