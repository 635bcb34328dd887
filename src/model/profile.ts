import { z } from 'zod';

/**
 * Traffic over time: baseline, a step to ten times, a hold at peak before the fault, and the time the load
 * stays on after it. Rates are requests a second over all paths.
 */
export const profileSchema = z.strictObject({
  name: z.string().min(1),
  /** One machine sends no more, and what so many calls can show cannot be computed for any number. */
  baselineRatePerSecond: z.number().min(1).max(100_000),
  peakFactor: z.number().min(1).max(1_000),
  baselineMs: z.number().int().min(2_000),
  /** A slower ramp hides the autoscaler's lag (docs/GLOSSARY.md: step). */
  rampMs: z.number().int().min(0).max(30_000),
  /** Hold at peak before the fault; the peak must be proven within it. */
  peakMs: z.number().int().min(5_000),
  /** Load kept on after the injection: the outage and the recovered phase. */
  afterFaultMs: z.number().int().min(5_000),
  /** The least time that the latency after recovery is judged; left out: what is left of afterFaultMs. */
  recoveredMs: z.number().int().min(5_000).optional(),
  /** How often the peak and the time after recovery are held on, for their own length, while a promise is undecided. */
  holdOnTimes: z.number().int().min(0).max(10).optional(),
  /**
   * Rates that are held one after the other, as multiples of the baseline's, each for `peakMs`: the highest is the peak, `rampMs` lies
   * between two of them, and there is no way back. Left out: one step, from the baseline to the peak.
   */
  steps: z.array(z.number().gt(1)).min(1).optional(),
  /** Shoppers come for a session of several requests with think times in between, instead of for one request each. */
  inSessions: z.boolean().optional(),
});
export type Profile = z.infer<typeof profileSchema>;

/** Requests a second at peak. */
export const peakRatePerSecond = (profile: Profile): number => profile.baselineRatePerSecond * profile.peakFactor;

/** Length of the load from the first planned request to the last. */
export const loadDurationMs = ({ steps, baselineMs, rampMs, peakMs, afterFaultMs }: Profile): number =>
  steps ? baselineMs + steps.length * (rampMs + peakMs) : baselineMs + rampMs + peakMs + afterFaultMs;

/**
 * What shoppers do, as shares of all requests; they add up to 1.
 * `api` is what the API promise covers; `checkout` has a promise of its own.
 */
export const trafficMix = {
  list: 0.25,
  product: 0.55,
  search: 0.15,
  cart: 0.012,
  checkout: 0.038,
} as const;
export type Operation = keyof typeof trafficMix;

export const latencyPaths = ['api', 'checkout'] as const;
export type LatencyPath = (typeof latencyPaths)[number];
export const pathOf = (operation: Operation): LatencyPath => (operation === 'checkout' ? 'checkout' : 'api');

/** Paths that shoppers take: in a read-only shop, nobody orders. */
export const pathsTaken = (checkoutShare?: number): LatencyPath[] =>
  latencyPaths.filter((path) => shareOf(path, checkoutShare) > 0);

/** Share of all requests that lands on a latency path; checkoutShare: where it differs from that of the mix. */
export function shareOf(path: LatencyPath, checkoutShare?: number): number {
  if (checkoutShare !== undefined) return path === 'checkout' ? checkoutShare : 1 - checkoutShare;
  return Object.entries(trafficMix).reduce(
    (sum, [operation, share]) => (pathOf(operation as Operation) === path ? sum + share : sum),
    0,
  );
}
