/**
 * Black Friday's shoppers: an open model of browsing and buying. k6 runs this file as it is.
 * Every call emits one `tenfold_call` with its whole wall time; see k6Metrics in src/model/evidence.ts.
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { habits, type LoadSpec, patience } from '../../src/model/load-spec.ts';
import { seededRandom, zipfRank } from './random.ts';

const load = JSON.parse(__ENV.TENFOLD_LOAD ?? '{}') as LoadSpec;
const words = ['lamp', 'chair', 'wool', 'oak', 'steel', 'blue', 'large', 'kitchen', 'garden', 'travel'];

const scheduleStart = new Gauge('tenfold_schedule_start');
const call = new Trend('tenfold_call');
const orderAttempt = new Counter('tenfold_order_attempt');
const orderOutcome = new Counter('tenfold_order_outcome');
const sessionLookUp = new Counter('tenfold_session');

const buyShare = load.mix.checkout;
const browseShare = load.mix.list + load.mix.product + load.mix.search;

export const options = {
  discardResponseBodies: true,
  noConnectionReuse: false,
  // A shopper's browser keeps its cookies from one purchase to the next.
  noCookiesReset: true,
  // Only what limits the volume of evidence: our own samples carry what is judged.
  systemTags: ['scenario', 'status', 'error_code'],
  scenarios: {
    browse: arrivals('browse', browseShare, load.browseVus),
    buy: arrivals('buy', buyShare, load.buyVus),
  },
};

/** Arrivals at a share of the schedule's rate. VUs are all allocated at the start: k6 drops while it makes more. */
function arrivals(name: string, share: number, vus: number) {
  const unit = (ratePerSecond: number) => Math.round(ratePerSecond * share * 100);
  return {
    executor: 'ramping-arrival-rate',
    exec: name,
    startRate: unit(load.baselineRatePerSecond),
    timeUnit: '100s',
    preAllocatedVUs: vus,
    maxVUs: vus,
    gracefulStop: `${patience.orderMs + patience.callMs}ms`,
    stages: load.stages.map((stage) => ({ duration: `${stage.durationMs}ms`, target: unit(stage.ratePerSecond) })),
  };
}

export function setup(): void {
  scheduleStart.add(Date.now());
}

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
  if (exec.vu.idInTest % habits.buyersPerSession === 0) recall(random);
  const key = `${load.runId}-${exec.scenario.iterationInTest}`;
  const headers = { 'x-tenant': tenantOf(random), 'content-type': 'application/json', 'idempotency-key': key };
  const lines = [{ productId: zipfRank(random, load.products), quantity: 1 + Math.floor(random() * 2) }];
  const byCart = random() < load.mix.cart / load.mix.checkout;
  if (byCart) {
    const put = () => http.put(`${load.baseUrl}/carts/${key}`, JSON.stringify({ lines }), { headers, ...limits });
    // A cart that could not be saved does not keep this shopper from buying: the order carries its own lines then.
    timed('cart', 1, put);
  }
  order(key, JSON.stringify({ lines }), headers, random);
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

/**
 * Sends an order until it is acknowledged, refused for good, or the shopper's patience ends: always with the same key.
 * Some shoppers click twice.
 */
function order(key: string, body: string, headers: Record<string, string>, random: () => number): void {
  exec.vu.metrics.metadata.key = key;
  orderAttempt.add(1);
  const giveUpAt = Date.now() + patience.orderMs;
  const clicks = random() < habits.doubleClickShare ? 2 : 1;
  let result = 'indeterminate';
  for (let attempt = 1; attempt <= patience.maxTries; attempt += 1) {
    const statuses = place({ body, headers, attempt, clicks: attempt === 1 ? clicks : 1 });
    if (statuses.some((status) => status === 200 || status === 201)) result = 'acknowledged';
    else if (statuses.some((status) => status >= 400 && status < 500)) result = 'rejected';
    if (result !== 'indeterminate') break;
    const waitSeconds = Math.min(4, 0.25 * 2 ** (attempt - 1)) * (0.5 + random());
    if (Date.now() + waitSeconds * 1000 > giveUpAt) break;
    sleep(waitSeconds);
  }
  orderOutcome.add(1, { result });
  delete exec.vu.metrics.metadata.key;
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

/** One call and its sample. */
function timed<R extends RefinedResponse<ResponseType>>(op: string, attempt: number, send: () => R): R {
  const startMs = Date.now();
  const response = send();
  record(op, attempt, response, Date.now() - startMs);
  return response;
}

/**
 * Wall time is blocked (which holds dialling) plus duration for an answered call; a call without an answer is timed by
 * the clock, because k6 gives 0 for a failed dial.
 */
function record(op: string, attempt: number, response: RefinedResponse<ResponseType>, clockMs: number): void {
  const answered = response.status > 0;
  const wallMs = answered ? response.timings.blocked + response.timings.duration : clockMs;
  const result = answered && response.status < 400 ? 'ok' : 'failed';
  call.add(wallMs, { op, result, attempt: String(attempt), error_code: String(response.error_code) });
}

const iterationRandom = (stream: number): (() => number) =>
  seededRandom(load.seed + stream * 1_000_003 + exec.scenario.iterationInTest * 7);

const tenantOf = (random: () => number): string => load.tenants[Math.floor(random() * load.tenants.length)] ?? '';
