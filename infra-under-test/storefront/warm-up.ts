import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, InjectOptions } from 'fastify';

const rounds = 30;
/** Few, since PostgreSQL logs each refusal. */
const orders = 6;
const retryMs = 200;
const order: InjectOptions = {
  method: 'POST',
  url: '/orders',
  headers: { 'idempotency-key': 'warm-up' },
  payload: { cartId: 'warm-up-unknown' },
};

/** What shoppers will ask for. The order is refused, for its cart does not exist: a real one would be for ever. */
function requestsOf(round: number): InjectOptions[] {
  const cart = '/carts/warm-up';
  return [
    { url: `/products?page=${round}` },
    { url: `/products/${round}` },
    { url: `/search?q=oak+${round}` },
    { method: 'PUT', url: cart, payload: { lines: [{ productId: round, quantity: 1 }] } },
    { url: cart },
    { url: '/orders/warm-up' },
    ...(round <= orders ? [order] : []),
  ];
}

/**
 * Sends requests through the whole app until the catalogue was served, so that no shopper meets cold code or an
 * empty pool. A writer that is away does not keep a pod from getting ready: it can serve the catalogue.
 * @param isClosing ends the wait for a database that is away
 */
export async function warmUp(app: FastifyInstance, tenant: string, isClosing: () => boolean): Promise<void> {
  const headers = { 'x-tenant': tenant };
  const send = async (request: InjectOptions) =>
    (await app.inject({ ...request, headers: { ...request.headers, ...headers } })).statusCode;
  while (!isClosing() && (await send({ url: '/products' })) !== 200) await sleep(retryMs);
  for (let round = 1; round <= rounds && !isClosing(); round++) {
    const statuses = await Promise.all(requestsOf(round).map(send));
    if (statuses.includes(503)) return;
  }
}
