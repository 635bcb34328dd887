import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, InjectOptions } from 'fastify';

const rounds = 20;
/** Rest after each round, in multiples of the CPU time it took: shoppers of other pods on the machine go first. */
const restPerRound = 3;
/** Rounds with requests that find nothing: few, since PostgreSQL logs each refused order. */
const inVain = 6;
const retryMs = 200;
const order: InjectOptions = {
  method: 'POST',
  url: '/orders',
  headers: { 'idempotency-key': 'warm-up' },
  payload: { cartId: 'warm-up-unknown' },
};

const session: InjectOptions = { url: '/sessions/00000000-0000-4000-8000-000000000000' };

interface WarmUpOptions {
  tenant: string;
  /** Lets its requests in before the pod is warm. */
  pass: string;
  /** Ends the wait for a database that is away. */
  isClosing(): boolean;
}

/** Requests that readers answer. */
const readsOf = (round: number): InjectOptions[] => [
  { url: `/products?page=${round}` },
  { url: `/products/${round}` },
  { url: `/search?q=oak+${round}` },
];

/** Requests that wait for the writer. The order is refused, as its cart does not exist: a real one would stay. */
function writesOf(round: number): InjectOptions[] {
  const cart = '/carts/warm-up';
  return [
    { method: 'PUT', url: cart, payload: { lines: [{ productId: round, quantity: 1 }] } },
    { url: cart },
    { url: '/orders/warm-up' },
    ...(round <= inVain ? [order, session] : []),
  ];
}

/**
 * Sends what shoppers will ask for through the whole app, so that none of them meets cold code or an empty pool.
 * A round of reads is resent until it is served. A writer that is away does not keep a pod from getting ready: it
 * can serve the catalogue.
 */
export async function warmUp(app: FastifyInstance, { tenant, pass, isClosing }: WarmUpOptions): Promise<void> {
  const headers = { 'x-tenant': tenant, 'x-warm-up': pass };
  const send = async (request: InjectOptions) =>
    (await app.inject({ ...request, headers: { ...request.headers, ...headers } })).statusCode;
  const served = async (requests: InjectOptions[]) => !(await Promise.all(requests.map(send))).includes(503);
  let hasWriter = true;
  for (let round = 1; round <= rounds && !isClosing(); round++) {
    const before = process.cpuUsage();
    const written: Promise<boolean> | false = hasWriter && served(writesOf(round));
    while (!(await served(readsOf(round))) && !isClosing()) await sleep(retryMs);
    hasWriter = await written;
    const { user, system } = process.cpuUsage(before);
    await sleep(restPerRound * ((user + system) / 1_000));
  }
}
