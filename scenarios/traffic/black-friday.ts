/**
 * Black Friday's shoppers: an open model of browsing and buying. k6 runs this file as it is.
 * Every call emits one `tenfold_call` with its whole wall time; see k6Metrics in src/model/evidence.ts.
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { type LoadSpec, patience } from '../../src/model/load-spec.ts';
import { seededRandom, zipfRank } from './random.ts';

const load = JSON.parse(__ENV.TENFOLD_LOAD ?? '{}') as LoadSpec;
const words = ['lamp', 'chair', 'wool', 'oak', 'steel', 'blue', 'large', 'kitchen', 'garden', 'travel'];

const scheduleStart = new Gauge('tenfold_schedule_start');
const call = new Trend('tenfold_call');
const orderAttempt = new Counter('tenfold_order_attempt');
const orderOutcome = new Counter('tenfold_order_outcome');

const buyShare = load.mix.checkout;
const browseShare = load.mix.list + load.mix.product + load.mix.search;

export const options = {
  discardResponseBodies: true,
  noConnectionReuse: false,
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
      http.get(`${load.baseUrl}/products?page=${zipfRank(random, 40)}&size=24`, { headers, ...limits }),
    );
  } else if (pick < load.mix.list + load.mix.product) {
    timed('product', 1, () =>
      http.get(`${load.baseUrl}/products/${zipfRank(random, load.products)}`, { headers, ...limits }),
    );
  } else {
    const q = words[zipfRank(random, words.length) - 1];
    timed('search', 1, () => http.get(`${load.baseUrl}/search?q=${q}`, { headers, ...limits }));
  }
}

/** One order: some by way of a cart, the others bought at once. */
export function buy(): void {
  const random = iterationRandom(2);
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

/** Sends an order until it is acknowledged, refused for good, or the shopper's patience ends: always with the same key. */
function order(key: string, body: string, headers: Record<string, string>, random: () => number): void {
  exec.vu.metrics.metadata.key = key;
  orderAttempt.add(1);
  const giveUpAt = Date.now() + patience.orderMs;
  let result = 'indeterminate';
  for (let attempt = 1; attempt <= patience.maxTries; attempt += 1) {
    const response = timed('checkout', attempt, () =>
      http.post(`${load.baseUrl}/orders`, body, { headers, ...limits }),
    );
    if (response.status === 200 || response.status === 201) result = 'acknowledged';
    else if (response.status >= 400 && response.status < 500) result = 'rejected';
    if (result !== 'indeterminate') break;
    const waitSeconds = Math.min(4, 0.25 * 2 ** (attempt - 1)) * (0.5 + random());
    if (Date.now() + waitSeconds * 1000 > giveUpAt) break;
    sleep(waitSeconds);
  }
  orderOutcome.add(1, { result });
  delete exec.vu.metrics.metadata.key;
}

const limits = { timeout: patience.callMs };

/**
 * One call and its sample. Wall time is blocked (which holds dialling) plus duration for an answered call; a call
 * without an answer is timed by the clock, because k6 gives 0 for a failed dial.
 */
function timed(op: string, attempt: number, send: () => RefinedResponse<ResponseType>): RefinedResponse<ResponseType> {
  const startMs = Date.now();
  const response = send();
  const answered = response.status > 0;
  const wallMs = answered ? response.timings.blocked + response.timings.duration : Date.now() - startMs;
  const result = answered && response.status < 400 ? 'ok' : 'failed';
  call.add(wallMs, { op, result, attempt: String(attempt), error_code: String(response.error_code) });
  return response;
}

const iterationRandom = (stream: number): (() => number) =>
  seededRandom(load.seed + stream * 1_000_003 + exec.scenario.iterationInTest * 7);

const tenantOf = (random: () => number): string => load.tenants[Math.floor(random() * load.tenants.length)] ?? '';
