/** What shoppers of the shop under test do, one thing at a time; the traffic scripts say who does it when. */
import http from 'k6/http';
import { habits, patience } from '../../src/model/load-spec.ts';
import { load, order, record, timed } from './contract.ts';
import { zipfRank } from './random.ts';

const words = ['lamp', 'chair', 'wool', 'oak', 'steel', 'blue', 'large', 'kitchen', 'garden', 'travel'];

/** Page views among all requests. */
export const viewShare = load.mix.list + load.mix.product + load.mix.search;

export const limits = { timeout: patience.callMs };
const pageLimits = { timeout: patience.pageMs };

export const tenantOf = (random: () => number): string =>
  load.tenants[Math.floor(random() * load.tenants.length)] ?? '';

/** One page view: a list, a product or a search, as often as the mix has them. */
export function view(random: () => number): void {
  const pick = random() * viewShare;
  const headers = { 'x-tenant': tenantOf(random) };
  if (pick < load.mix.list) {
    timed('list', 1, () =>
      http.get(`${load.baseUrl}/products?page=${zipfRank(random, 40)}&size=24`, { headers, ...pageLimits }),
    );
  } else if (pick < load.mix.list + load.mix.product) {
    timed('product', 1, () =>
      http.get(`${load.baseUrl}/products/${zipfRank(random, load.products)}`, { headers, ...pageLimits }),
    );
  } else {
    const q = words[zipfRank(random, words.length) - 1];
    timed('search', 1, () => http.get(`${load.baseUrl}/search?q=${q}`, { headers, ...pageLimits }));
  }
}

/** One order: some by way of a cart, the others bought at once. @param key tells it from all other orders of the run. */
export function purchase(key: string, random: () => number): void {
  const headers = { 'x-tenant': tenantOf(random), 'content-type': 'application/json', 'idempotency-key': key };
  const lines = [{ productId: zipfRank(random, load.products), quantity: 1 + Math.floor(random() * 2) }];
  const byCart = random() < load.mix.cart / load.mix.checkout;
  if (byCart) {
    const put = () => http.put(`${load.baseUrl}/carts/${key}`, JSON.stringify({ lines }), { headers, ...limits });
    // A cart that could not be saved does not keep this shopper from buying: the order carries its own lines then.
    timed('cart', 1, put);
  }
  // Some shoppers click twice.
  const clicks = random() < habits.doubleClickShare ? 2 : 1;
  const body = JSON.stringify({ lines });
  order(key, (attempt) => place({ body, headers, attempt, clicks: attempt === 1 ? clicks : 1 }), random);
}

type Placement = { body: string; headers: Record<string, string>; attempt: number; clicks: number };

/** Sends an order once, or several times at once; gives the statuses of the answers. */
function place({ body, headers, attempt, clicks }: Placement): number[] {
  const url = `${load.baseUrl}/orders`;
  const params = { headers, ...limits };
  if (clicks === 1) return [timed('checkout', attempt, () => http.post(url, body, params)).status];
  const requests = Array.from({ length: clicks }, () => ({ method: 'POST', url, body, params }) as const);
  const startMs = Date.now();
  const responses = http.batch(requests);
  const clockMs = Date.now() - startMs;
  // What is sent beside the first click is no planned request: it counts as another attempt.
  responses.forEach((response, click) => {
    record('checkout', attempt + click, response, clockMs);
  });
  return responses.map(({ status }) => status);
}
