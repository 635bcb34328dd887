/** What tenfold hands to a traffic script, as JSON in the environment variable TENFOLD_LOAD. Imports nothing: k6 reads this file too. */
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
  /** The schedule: [length in ms, requests a second at its end]. */
  stages: { durationMs: number; ratePerSecond: number }[];
  browseVus: number;
  buyVus: number;
}

/** How long a shopper waits for one answer, and for an order with all its tries, before giving up. */
export const patience = { callMs: 5_000, orderMs: 15_000, maxTries: 8 } as const;
