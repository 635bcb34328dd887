import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { ShopError } from '../errors.ts';
import type { AuthorisePayment } from '../payment.ts';
import { cartIdSchema, type Line, linesSchema } from './schemas.ts';

export interface OrderDependencies {
  writer: Database;
  authorisePayment: AuthorisePayment;
}

const keyPattern = '^[\\x21-\\x7e]{1,128}$';
const headersSchema = {
  type: 'object',
  required: ['idempotency-key'],
  properties: { 'idempotency-key': { type: 'string', pattern: keyPattern } },
};
const bodySchema = {
  type: 'object',
  properties: { cartId: cartIdSchema, lines: { ...linesSchema, minItems: 1 } },
  oneOf: [{ required: ['cartId'] }, { required: ['lines'] }],
};

/** What place_order raises (schema.sql), and what the shop answers. */
const refusals: Record<string, [status: number, code: string]> = {
  SH001: [409, 'out-of-stock'],
  SH002: [422, 'unknown-product'],
  SH003: [404, 'unknown-cart'],
  SH004: [422, 'no-lines'],
};

function asRefusal(error: unknown): unknown {
  const refusal = refusals[(error as { code?: string }).code ?? ''];
  return refusal ? new ShopError(...refusal, `The order was not placed: ${(error as Error).message}.`) : error;
}

/** Checkout and read-back. Payment is authorised while no connection is held, then one round trip writes the order. */
export function orderRoutes(app: FastifyInstance, { writer, authorisePayment }: OrderDependencies): void {
  type Place = { Headers: { 'idempotency-key': string }; Body: { cartId?: string; lines?: Line[] } };
  const config = { waitsForWriter: true };
  const place = { schema: { headers: headersSchema, body: bodySchema }, config };
  app.post<Place>('/orders', place, async (request, reply) => {
    const key = request.headers['idempotency-key'];
    const { cartId = null, lines } = request.body;
    await authorisePayment(key);
    const values = [key, cartId, lines ? JSON.stringify(lines) : null];
    const rows = await writer.query(request.tenant.queries.placeOrder, values).catch((error) => {
      throw asRefusal(error);
    });
    const replayed = rows[0]?.replayed === true;
    if (replayed) reply.header('idempotent-replay', 'true');
    return reply
      .code(replayed ? 200 : 201)
      .type('application/json')
      .send(rows[0]?.body);
  });

  type Get = { Params: { key: string } };
  app.get<Get>('/orders/:key', { config }, async (request, reply) => {
    const [row] = await writer.query(request.tenant.queries.getOrder, [request.params.key]);
    if (!row) throw new ShopError(404, 'unknown-order', 'There is no order with this key.');
    return reply.type('application/json').send(row.body);
  });
}
