import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ShopError } from '../errors.ts';
import type { Sessions } from '../sessions.ts';

export interface SessionDependencies {
  sessions: Sessions;
  podName: string;
}

const bodySchema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1, maxLength: 100 } },
};
const paramsSchema = { type: 'object', properties: { id: { type: 'string', pattern: '^[0-9a-f-]{36}$' } } };

/** What the shop remembers of a shopper from visit to visit: the name to greet them by. */
export function sessionRoutes(app: FastifyInstance, { sessions, podName }: SessionDependencies): void {
  const open = { schema: { body: bodySchema }, config: { waitsForWriter: !sessions.inPod } };
  app.post<{ Body: { name: string } }>('/sessions', open, async (request, reply) => {
    const session = { id: randomUUID(), name: request.body.name };
    await sessions.open(request.tenant, session);
    // The edge sends a shopper with this cookie to the pod of this name.
    if (sessions.inPod) reply.header('set-cookie', `pod=${podName}; Path=/; HttpOnly`);
    return reply.code(201).send(session);
  });

  app.get<{ Params: { id: string } }>('/sessions/:id', { schema: { params: paramsSchema } }, async (request) => {
    const session = await sessions.find(request.tenant, request.params.id);
    if (!session) throw new ShopError(404, 'unknown-session', 'There is no such session.');
    return session;
  });
}
