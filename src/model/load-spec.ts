/** What tenfold hands to a traffic script, as JSON in the file that TENFOLD_LOAD_FILE names. Imports only types: k6 reads this file too. */
import type { ShopRequest, ShopTraffic } from './shop-request.ts';

/** The IP version used to reach a shop. */
export type Family = 4 | 6;

export interface LoadSpec {
  runId: string;
  baseUrl: string;
  tenants: string[];
  seed: number;
  products: number;
  baselineRatePerSecond: number;
  peakRatePerSecond: number;
  /** Shares of all requests, adding up to 1. */
  mix: { list: number; product: number; search: number; cart: number; checkout: number };
  /** The schedule: how long each stage takes, and the requests per second at its end. It may end by going back to the baseline. */
  stages: { durationMs: number; ratePerSecond: number }[];
  browseVus: number;
  buyVus: number;
  /**
   * Where there are several processes: how many, and where they learn when to start, as k6's REST API tells its setup data. And whether
   * what they write may be lost on its way, so that samples have numbers.
   */
  workers?: { count: number; startLineUrl: string; numbersSamples?: true };
  /** The IP version for a name that has addresses of both. */
  family: Family;
  /** What k6 asks once before the schedule starts: what the sentinel has been getting right answers to. */
  looks: ShopRequest[];
  /** What to send, where the script itself does not know. */
  requests?: ShopTraffic;
}

/** What a start line answers, as k6's REST API does at /v1/setup; no number: it is not known yet. */
export interface StartLineAnswer {
  data: { attributes: { data?: number } };
}

/** How long a shopper waits for a page, for another answer, and for an order with all its tries, before giving up. */
export const patience = { pageMs: 1_500, callMs: 5_000, orderMs: 15_000, maxTries: 8 } as const;

/**
 * A shopper's session: views, each followed by a think time with an exponential distribution. Half of them take longer than
 * 127 s, as on the reference platform.
 */
export const session = {
  views: 7,
  meanThinkSeconds: 19,
  /** Hardly anyone thinks that long, but each shopper in the shop needs a virtual user. */
  maxThinkSeconds: 90,
} as const;

/** How long k6 and the sentinel use a DNS answer: a shop may move to other addresses when it fails over. */
export const dnsTtlMs = 5_000;

/** What else shoppers do, apart from the mix of requests. */
export const habits = {
  /** Share of the orders that are sent twice at once, as by a double click. */
  doubleClickShare: 0.02,
  /** One buyer in this many has a session, which they look for at each purchase: about 2 % more requests. */
  buyersPerSession: 2,
} as const;
