/**
 * Black Friday's shoppers: an open model of browsing and buying. k6 runs this file as it is.
 * What is measured of them is in contract.ts.
 */

import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { habits, patience } from '../../src/model/load-spec.ts';
import {
  arrivals,
  evidenceOptions,
  iterationRandom,
  load,
  order,
  paceScenario,
  record,
  startSchedule,
  timed,
} from './contract.ts';
import { zipfRank } from './random.ts';

const words = ['lamp', 'chair', 'wool', 'oak', 'steel', 'blue', 'large', 'kitchen', 'garden', 'travel'];

const sessionLookUp = new Counter('tenfold_session');

const buyShare = load.mix.checkout;
const browseShare = load.mix.list + load.mix.product + load.mix.search;

export const options = {
  ...evidenceOptions,
  scenarios: {
    browse: arrivals('browse', browseShare, load.browseVus),
    buy: arrivals('buy', buyShare, load.buyVus),
    pace: paceScenario,
  },
};

export { pace } from './contract.ts';
export const setup = startSchedule;

/** One page view: a list, a product or a search. */
export function browse(): void {
  const random = iterationRandom(1);
  const pick = random() * browseShare;
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

/** One order: some by way of a cart, the others bought at once. */
export function buy(): void {
  const random = iterationRandom(2);
  // With numbers of its own: which virtual user buys must not change what is bought.
  if (exec.vu.idInTest % habits.buyersPerSession === 0) recall(iterationRandom(3));
  const key = `${load.runId}-${exec.scenario.iterationInTest}`;
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

/** What this shopper, that is this VU, was told when the shop began to remember it. */
let session: { id: string; tenant: string } | null = null;

/**
 * Looks for what the shop should remember of the shopper. Only a shop that answers that it knows no such session has
 * lost it: one that cannot be reached may still have it.
 */
function recall(random: () => number): void {
  if (session) {
    const { id, tenant } = session;
    const params = { headers: { 'x-tenant': tenant }, ...limits };
    const { status } = timed('session', 1, () => http.get(`${load.baseUrl}/sessions/${id}`, params));
    if (status === 200) sessionLookUp.add(1, { result: 'kept' });
    if (status !== 404) return;
    sessionLookUp.add(1, { result: 'lost' });
  }
  session = startSession(tenantOf(random));
}

function startSession(tenant: string): typeof session {
  const headers = { 'x-tenant': tenant, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: `Shopper ${exec.vu.idInTest}` });
  const params = { headers, responseType: 'text' as const, ...limits };
  const response = timed('session', 1, () => http.post(`${load.baseUrl}/sessions`, body, params));
  return response.status === 201 ? { id: String(response.json('id')), tenant } : null;
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

const limits = { timeout: patience.callMs };
const pageLimits = { timeout: patience.pageMs };

const tenantOf = (random: () => number): string => load.tenants[Math.floor(random() * load.tenants.length)] ?? '';
