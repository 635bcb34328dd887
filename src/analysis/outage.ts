import { type LaneProbes, lowerBound, wallUs } from './lane-probes.ts';
import { endUncertaintyUs, noOutageUncertaintyUs, startUncertaintyUs } from './outage-uncertainty.ts';
import { type Restored, restorePerformance, restoreService, type Seen } from './restored.ts';
import { answersOf, unserved } from './served.ts';

/*
 * The rules of a recovery, on the probes of one lane. Every probe counts at the instant it should have been sent. It is bad if
 * it failed or was answered only after a second: it was not served. For performance, one that is slower than the limit is bad
 * as well.
 * - Service is restored at the first good probe from which three windows of one second follow without a bad one and with at
 *   least 95 % of the planned probes sent (silence is not recovery), and after which it is not lost again.
 * - Service is lost again (a flap) where 5 % of a second's planned probes are bad, and at least two, or where a window of 30 s,
 *   or the last 30 s, has more bad ones than a share of 1 % explains by chance (binomial, once in 10,000).
 * - Performance is restored at the first good probe, not before service, from which three such windows follow with at most 1 %
 *   bad, none of them among the next ten (what is tolerated later is not tolerated at the edge, or the end would be seen too
 *   early), and after which it is not lost again, up to the end: by the windows of 30 s only. At 100 probes a second these
 *   allow 52 bad ones, so a stall of half a second is no loss; at 12.5 a second 13.
 * - The outage starts at the first bad probe of the first second in which 5 % are bad, or, without such a second, at the first
 *   bad one. A stray one more than three seconds after the injection is no outage; it only counts towards the bad time.
 * - It ends with the first answer to this good probe or to a later one, minus what an answer usually takes: those that a shop
 *   holds while it hangs are all answered when the hang ends.
 * A probe that is slower or fails only ever makes an end later, and the bad time longer.
 */

export interface LaneRecovery {
  outage: boolean;
  recovered: boolean;
  outageStartUs: number | null;
  outageEndUs: number | null;
  flaps: number;
  badUs: number;
  /** How far the two instants can be from the truth; null where there is none. */
  startUncertaintyUs: number | null;
  endUncertaintyUs: number | null;
  /** From the injection. null when it was not restored, or not for three seconds, while the load was on. */
  serviceRestoredUs: number | null;
  performanceRestoredUs: number | null;
  /** Lower bounds, whether it was restored or not: the last bad probe before, when all was not yet well. 0 without one. */
  serviceAtLeastUs: number;
  performanceAtLeastUs: number;
  /** From the first answer that was too slow or failed, in a second with too many of them; null when speed was never lost. */
  degraded: {
    startUs: number;
    startUncertaintyUs: number;
    endUs: number | null;
    endUncertaintyUs: number | null;
  } | null;
  /** Of both times from the injection. */
  serviceUncertaintyUs: number;
  performanceUncertaintyUs: number;
  observedUs: number;
  probes: number;
  /** Probes that failed or were answered only after a second. */
  unserved: number;
  /** Share of the planned probes after the injection that were sent. */
  sentShare: number;
}

/**
 * When a lane's service and performance came back after an injection, observed up to the end of the load. Instants and
 * limit in microseconds.
 */
export function recoverLane(lane: LaneProbes, injectedUs: number, loadEndUs: number, limitUs: number): LaneRecovery {
  const endUs = Math.max(injectedUs, Math.min(loadEndUs, (lane.intendedUs.at(-1) ?? injectedUs) + lane.intervalUs));
  const [first, last] = [lowerBound(lane.intendedUs, injectedUs), lowerBound(lane.intendedUs, endUs)];
  const answers = answersOf(lane, first);
  const badAll = unserved(lane);
  const slowAll = badAll.map((isBad, at) => isBad || wallUs(lane, at) > limitUs);
  const [bad, slow] = [badAll.slice(first, last), slowAll.slice(first, last)];
  const seen: Seen = {
    intendedUs: lane.intendedUs.slice(first, last),
    backUs: answers.backUs.slice(first, last),
    intervalUs: lane.intervalUs,
    endUs,
  };
  const service = restoreService(seen, bad);
  const performance = restorePerformance(seen, slow, service);
  const ends = (all: boolean[], { startsAt, backAt, isSteady }: Restored) =>
    startsAt === null
      ? null
      : {
          startUs: seen.intendedUs[startsAt] as number,
          startUncertaintyUs: startUncertaintyUs(lane, all, first + startsAt),
          endUs: backAt !== null && isSteady ? (seen.backUs[backAt] as number) : null,
          endUncertaintyUs: backAt !== null && isSteady ? endUncertaintyUs(lane, all, first + backAt, answers) : null,
        };
  const serviceRestoredUs = restoredUs(seen, service, injectedUs, isSilentUpTo(seen, service, injectedUs));
  const performanceRestoredUs = restoredUs(seen, performance, injectedUs);
  const outage = ends(badAll, service);
  const degraded = ends(slowAll, performance);
  return {
    outage: outage !== null,
    recovered: service.isSteady,
    outageStartUs: outage?.startUs ?? null,
    outageEndUs: outage?.endUs ?? null,
    flaps: service.flaps,
    badUs: badUs(seen, bad),
    startUncertaintyUs: outage?.startUncertaintyUs ?? null,
    endUncertaintyUs: outage?.endUncertaintyUs ?? null,
    serviceRestoredUs,
    performanceRestoredUs:
      performanceRestoredUs === null ? null : Math.max(performanceRestoredUs, serviceRestoredUs ?? 0),
    serviceAtLeastUs: atLeastUs(seen, bad, service, injectedUs),
    performanceAtLeastUs: atLeastUs(seen, slow, performance, injectedUs),
    degraded,
    serviceUncertaintyUs: outage?.endUncertaintyUs ?? noOutageUncertaintyUs(lane),
    performanceUncertaintyUs: degraded?.endUncertaintyUs ?? noOutageUncertaintyUs(lane),
    observedUs: endUs - injectedUs,
    probes: bad.length,
    unserved: bad.filter(Boolean).length,
    sentShare: (bad.length * lane.intervalUs) / Math.max(lane.intervalUs, loadEndUs - injectedUs),
  };
}

/**
 * From the injection. What was never lost was there at once, not only at the next probe.
 * @param wasSilent it was not seen to be there at once.
 */
function restoredUs(
  { backUs }: Seen,
  { startsAt, backAt, isSteady }: Restored,
  injectedUs: number,
  wasSilent = false,
): number | null {
  if (backAt === null || !isSteady) return null;
  return startsAt === null && !wasSilent ? 0 : (backUs[backAt] as number) - injectedUs;
}

/** Service was not seen right from the injection on: if no probe was bad, too few were sent. */
const isSilentUpTo = ({ intendedUs, intervalUs }: Seen, { backAt }: Restored, injectedUs: number): boolean =>
  backAt !== null && (intendedUs[backAt] as number) - injectedUs > 2 * intervalUs;

function atLeastUs({ intendedUs }: Seen, bad: boolean[], { backAt }: Restored, injectedUs: number): number {
  const lastBad = bad.slice(0, backAt ?? bad.length).lastIndexOf(true);
  return lastBad < 0 ? 0 : (intendedUs[lastBad] as number) - injectedUs;
}

/** What a probe saw holds until the next ones were served: after a bad probe, time in which none could be sent is not good. */
function badUs({ intendedUs, backUs, endUs }: Seen, bad: boolean[]): number {
  let sumUs = 0;
  let countedToUs = 0;
  for (let at = bad.indexOf(true); at >= 0; at = bad.indexOf(true, at + 1)) {
    const toUs = Math.min(backUs[at + 1] ?? endUs, endUs);
    sumUs += Math.max(0, toUs - Math.max(intendedUs[at] as number, countedToUs));
    countedToUs = Math.max(countedToUs, toUs);
  }
  return sumUs;
}
