import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Cache } from '../cache.ts';
import type { Database, Statement } from '../db/database.ts';
import { ShopError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';

export interface CatalogueDependencies {
  database: Database;
  cache: Cache;
  /** The sizes of the catalogues, which rarely change. */
  totals: Cache;
  metrics: Metrics;
}

const maxPage = 100_000;
const pageSize = { type: 'integer', minimum: 1, maximum: 100, default: 24 };
const pageSchema = {
  type: 'object',
  properties: { page: { type: 'integer', minimum: 1, maximum: maxPage, default: 1 }, size: pageSize },
};
const searchSchema = {
  type: 'object',
  required: ['q'],
  properties: { q: { type: 'string', minLength: 1, maxLength: 100 }, size: pageSize },
};
const productSchema = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } },
};

/** Lists, product pages and search; everything from the cache, which asks the database. */
export function catalogueRoutes(
  app: FastifyInstance,
  { database, cache, totals, metrics }: CatalogueDependencies,
): void {
  const first = async (statement: Statement, values: unknown[]) => (await database.query(statement, values))[0];

  async function send(reply: FastifyReply, key: string, load: () => Promise<string>): Promise<FastifyReply> {
    const { body, stale } = await cache.get(key, load);
    if (stale) {
      metrics.stale.inc();
      reply.header('x-stale', 'true');
    }
    return reply.type('application/json').send(body);
  }

  type Page = { page: number; size: number };
  app.get<{ Querystring: Page }>('/products', { schema: { querystring: pageSchema } }, (request, reply) => {
    const {
      tenant,
      query: { page, size },
    } = request;
    const count = async () => String((await first(tenant.queries.countProducts, []))?.total);
    return send(reply, `${tenant.name} list ${page} ${size}`, async () => {
      const [items, total] = await Promise.all([
        database.query(tenant.queries.listProducts, [size, (page - 1) * size]),
        totals.get(tenant.name, count),
      ]);
      return JSON.stringify({ items, page, size, total: Number(total.body) });
    });
  });

  app.get<{ Params: { id: number } }>('/products/:id', { schema: { params: productSchema } }, (request, reply) => {
    const {
      tenant,
      params: { id },
    } = request;
    return send(reply, `${tenant.name} product ${id}`, async () => {
      const product = await first(tenant.queries.getProduct, [id]);
      if (!product) throw new ShopError(404, 'unknown-product', `There is no product ${id}.`);
      return JSON.stringify(product);
    });
  });

  type Search = { q: string; size: number };
  app.get<{ Querystring: Search }>('/search', { schema: { querystring: searchSchema } }, (request, reply) => {
    const {
      tenant,
      query: { q, size },
    } = request;
    return send(reply, `${tenant.name} search ${size} ${q}`, async () =>
      JSON.stringify({ items: await database.query(tenant.queries.searchProducts, [q, size]) }),
    );
  });
}
