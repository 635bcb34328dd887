import { type LaneProbes, lowerBound } from './lane-probes.ts';

/*
 * The rules of a recovery, on the probes of one lane. Every probe stands at the instant it should have been sent.
 * - The outage starts at the first failed probe after the injection.
 * - It ends at the first good probe from which three windows of one second follow without a failed probe and with at
 *   least 95 % of the planned probes sent: silence is not recovery.
 * - It opens again (a flap) where 5 % of a second's planned probes fail, and two at least. Opening again takes more than staying open, so that
 *   a stray failure does not; it counts into the bad time only. The service is restored when the last outage has ended.
 * - Performance is restored at the first good probe, from there on, that three windows follow in which at most 1 % are
 *   slower than the limit or failed.
 */
const windowUs = 1_000_000;
const windows = [0, 1, 2];
/** How long all must have been well before a recovery is certain. */
export const steadyMs = (windows.length * windowUs) / 1000;
const minSentShare = 0.95;
const reopenShare = 0.05;
const maxSlowShare = 0.01;

export interface LaneRecovery {
  outage: boolean;
  recovered: boolean;
  outageStartUs: number | null;
  outageEndUs: number | null;
  flaps: number;
  badUs: number;
  /** From the injection. */
  serviceRestoredUs: number | null;
  performanceRestoredUs: number | null;
  observedUs: number;
  probes: number;
  /** Share of the planned probes after the injection that were sent. */
  sentShare: number;
}

/** When a lane's service and performance came back after an injection, as far as endUs. Instants and limit in microseconds. */
export function recoverLane(lane: LaneProbes, injectedUs: number, loadEndUs: number, limitUs: number): LaneRecovery {
  const endUs = Math.max(injectedUs, Math.min(loadEndUs, (lane.intendedUs.at(-1) ?? injectedUs) + lane.intervalUs));
  const [first, last] = [lowerBound(lane.intendedUs, injectedUs), lowerBound(lane.intendedUs, endUs)];
  const seen: Seen = { intendedUs: lane.intendedUs.slice(first, last), intervalUs: lane.intervalUs, endUs };
  const failed = lane.failed.slice(first, last);
  const slow = failed.map((isFailed, at) => isFailed || wallUs(lane, first + at) > limitUs);

  const service = restoreService(seen, failed);
  const performanceAt =
    service.restoredAt === null ? null : firstSustained(seen, slow, service.restoredAt, maxSlowShare);
  const instant = (at: number | null) => (at === null ? null : (seen.intendedUs[at] as number));
  const sinceInjection = (at: number | null) => (at === null ? null : (seen.intendedUs[at] as number) - injectedUs);
  const outage = service.startsAt !== null;
  return {
    outage,
    recovered: service.restoredAt !== null,
    outageStartUs: instant(service.startsAt),
    outageEndUs: outage ? instant(service.restoredAt) : null,
    flaps: service.flaps,
    badUs: failed.filter(Boolean).length * lane.intervalUs,
    serviceRestoredUs: !outage && service.restoredAt !== null ? 0 : sinceInjection(service.restoredAt),
    // Speed that was never lost was there at once, not at the next probe.
    performanceRestoredUs: !outage && performanceAt === 0 ? 0 : sinceInjection(performanceAt),
    observedUs: endUs - injectedUs,
    probes: failed.length,
    sentShare: (failed.length * lane.intervalUs) / Math.max(lane.intervalUs, loadEndUs - injectedUs),
  };
}

interface Seen {
  intendedUs: number[];
  intervalUs: number;
  endUs: number;
}

// The sentinel's own delay is not the shop's: it is told as uncertainty.
const wallUs = (lane: LaneProbes, at: number): number => (lane.endUs[at] as number) - (lane.sentUs[at] as number);

function restoreService(
  seen: Seen,
  failed: boolean[],
): { startsAt: number | null; restoredAt: number | null; flaps: number } {
  const startsAt = indexOrNull(failed.indexOf(true));
  let restoredAt = firstSustained(seen, failed, startsAt ?? 0, 0);
  let flaps = 0;
  while (startsAt !== null && restoredAt !== null) {
    const reopensAt = firstReopening(seen, failed, restoredAt);
    if (reopensAt === null) break;
    flaps += 1;
    restoredAt = firstSustained(seen, failed, reopensAt, 0);
  }
  return { startsAt, restoredAt, flaps };
}

const indexOrNull = (index: number): number | null => (index < 0 ? null : index);

/** Index of the first good probe from which enough windows in a row hold. */
function firstSustained(
  { intendedUs, intervalUs, endUs }: Seen,
  bad: boolean[],
  from: number,
  maxBadShare: number,
): number | null {
  const badBefore = runningCount(bad);
  const planned = windowUs / intervalUs;
  const holds = (startUs: number) => {
    const [first, last] = [lowerBound(intendedUs, startUs), lowerBound(intendedUs, startUs + windowUs)];
    const badCount = (badBefore[last] as number) - (badBefore[first] as number);
    return last - first >= minSentShare * planned && badCount <= maxBadShare * (last - first);
  };
  for (let at = from; at < intendedUs.length; at += 1) {
    const startUs = intendedUs[at] as number;
    if (startUs + windows.length * windowUs > endUs) return null;
    if (!bad[at] && windows.every((window) => holds(startUs + window * windowUs))) return at;
  }
  return null;
}

/** Index of the first failed probe that starts a second in which too many fail. */
function firstReopening({ intendedUs, intervalUs }: Seen, failed: boolean[], from: number): number | null {
  const failedBefore = runningCount(failed);
  const enough = Math.max(2, reopenShare * (windowUs / intervalUs));
  for (let at = failed.indexOf(true, from); at >= 0; at = failed.indexOf(true, at + 1)) {
    const last = lowerBound(intendedUs, (intendedUs[at] as number) + windowUs);
    if ((failedBefore[last] as number) - (failedBefore[at] as number) >= enough) return at;
  }
  return null;
}

/** How many are true before each index. */
function runningCount(flags: boolean[]): number[] {
  let count = 0;
  return [0, ...flags.map((flag) => (count += flag ? 1 : 0))];
}
