import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { ShopError } from '../errors.ts';
import { cartIdSchema, type Line, linesSchema } from './schemas.ts';

const paramsSchema = { type: 'object', properties: { cartId: cartIdSchema } };
const bodySchema = { type: 'object', required: ['lines'], properties: { lines: linesSchema } };

/** Carts live at the writer: a shopper must see the line that was just added. */
export function cartRoutes(app: FastifyInstance, { writer }: { writer: Database }): void {
  type Put = { Params: { cartId: string }; Body: { lines: Line[] } };
  const config = { waitsForWriter: true };
  const put = { schema: { params: paramsSchema, body: bodySchema }, config };
  app.put<Put>('/carts/:cartId', put, async (request, reply) => {
    const { lines } = request.body;
    const products = lines.map(({ productId }) => productId);
    const quantities = lines.map(({ quantity }) => quantity);
    const [row] = await writer.query(request.tenant.queries.putCart, [request.params.cartId, products, quantities]);
    if (!row?.body) throw new ShopError(422, 'unknown-product', 'A line names a product that does not exist.');
    return reply.type('application/json').send(row.body);
  });

  type Get = { Params: { cartId: string } };
  app.get<Get>('/carts/:cartId', { schema: { params: paramsSchema }, config }, async (request, reply) => {
    const { cartId } = request.params;
    const [row] = await writer.query(request.tenant.queries.getCart, [cartId]);
    if (!row) throw new ShopError(404, 'unknown-cart', `There is no cart ${cartId}.`);
    return reply.type('application/json').send(row.body);
  });
}
