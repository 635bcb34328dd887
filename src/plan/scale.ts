import type { PlannedScale } from '../model/plan.ts';
import type { Profile } from '../model/profile.ts';
import { referencePlatform } from '../model/reference-platform.ts';

/** As 1:n of the reference platform's traffic, the usual first; with less of it than the last the probes are most of the load. */
const divisors = [10, 12, 15, 20, 30, 40, 60] as const;

/**
 * What a request of a shopper costs generator and shop, and a probe sentinel and shop, in exchanges of HTTP (`measureExchangeCost`);
 * decision 15 has the measurements.
 */
const exchangesPerRequest = 5;
const exchangesPerProbe = 7.5;
/** Four lanes through the edge, and six replicas. */
const probesPerSecond = 255;
/**
 * What a request or a probe costs generator, sentinel and harness alone. They were seen to take 290 ms a second for 300 requests and
 * 255 probes where an exchange takes 0.36 ms, and 500 ms for 600 requests.
 */
const exchangesOfInstruments = 1.5;
/**
 * A part is kept back: a shared host does the same work in up to 1.4 times the CPU time from one minute to the next, and with more
 * than 85 % of the CPU used, what a neighbour's burst queued up is not worked off in a second (decisions 13 and 15).
 */
export const maxBusyShare = 0.65;

/**
 * The largest traffic that leaves this host CPU to spare at its peak; where none does, the smallest.
 * @param exchangeCostMs CPU time, see `measureExchangeCost`
 */
export function scaleThatFits(exchangeCostMs: number, cores: number, peakFactor: number): PlannedScale {
  const busyAt = (divisor: number): number =>
    busyShareOf((referencePlatform.baselineRatePerSecond / divisor) * peakFactor, exchangeCostMs, cores);
  const divisor = divisors.find((one) => busyAt(one) <= maxBusyShare) ?? (divisors.at(-1) as number);
  const busy = `about ${Math.round(Math.min(1, busyAt(divisor)) * 100)} % of its ${cores} cores at peak`;
  const host = `an HTTP exchange through an edge takes this host ${exchangeCostMs.toFixed(2)} ms of CPU time`;
  return { divisor, because: `${host}, so the traffic takes ${busy}` };
}

/** The share of a host that so many requests a second take there, with generator, shop and sentinel on it; above 1 they do not fit. */
export const busyShareOf = (requestsPerSecond: number, exchangeCostMs: number, cores: number): number =>
  shareOf(requestsPerSecond * exchangesPerRequest + probesPerSecond * exchangesPerProbe, exchangeCostMs, cores);

/** The same where the shop is elsewhere. */
export const instrumentsShareOf = (requestsPerSecond: number, exchangeCostMs: number, cores: number): number =>
  shareOf((requestsPerSecond + probesPerSecond) * exchangesOfInstruments, exchangeCostMs, cores);

const shareOf = (exchangesPerSecond: number, exchangeCostMs: number, cores: number): number =>
  (exchangesPerSecond * exchangeCostMs) / 1_000 / cores;

/** The traffic that a drill has where it fits. */
export const usualDivisor = divisors[0];

/** A profile's traffic as 1:n of the reference platform's. */
export const atScale = (profile: Profile, divisor: number): Profile => ({
  ...profile,
  baselineRatePerSecond: referencePlatform.baselineRatePerSecond / divisor,
});
