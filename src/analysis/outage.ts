import { type LaneProbes, lowerBound } from './lane-probes.ts';
import { endUncertaintyUs, noOutageUncertaintyUs, startUncertaintyUs, wallUs } from './outage-uncertainty.ts';

/*
 * The rules of a recovery, on the probes of one lane. Every probe stands at the instant it should have been sent.
 * - The outage starts at the first failed probe after the injection.
 * - It ends at the first good probe from which three windows of one second follow without a failed probe and with at
 *   least 95 % of the planned probes sent: silence is not recovery.
 * - It opens again (a flap) where 5 % of a second's planned probes fail, and two at least. Opening again takes more than staying open, so that
 *   a stray failure does not; it counts into the bad time only. The service is restored when the last outage has ended.
 * - Performance is restored at the first good probe, from there on, that three windows follow in which at most 1 % are
 *   slower than the limit or failed, and none of the next ten: what is tolerated later is not tolerated at the edge of an
 *   outage, or the end would be seen too early. It is lost again where three windows in a row have 5 % of them: one stall is none.
 */
const windowUs = 1_000_000;
const windows = [0, 1, 2];
/** How long all must have been well before a recovery is certain. */
export const steadyMs = (windows.length * windowUs) / 1000;
const minSentShare = 0.95;
const reopenShare = 0.05;
const maxSlowShare = 0.01;
const settledProbes = 10;

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
  /** From the injection. */
  serviceRestoredUs: number | null;
  performanceRestoredUs: number | null;
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
  /** Share of the planned probes after the injection that were sent. */
  sentShare: number;
}

/** When a lane's service and performance came back after an injection, as far as endUs. Instants and limit in microseconds. */
export function recoverLane(lane: LaneProbes, injectedUs: number, loadEndUs: number, limitUs: number): LaneRecovery {
  const endUs = Math.max(injectedUs, Math.min(loadEndUs, (lane.intendedUs.at(-1) ?? injectedUs) + lane.intervalUs));
  const [first, last] = [lowerBound(lane.intendedUs, injectedUs), lowerBound(lane.intendedUs, endUs)];
  const seen: Seen = { intendedUs: lane.intendedUs.slice(first, last), intervalUs: lane.intervalUs, endUs };
  const slowAll = lane.failed.map((isFailed, at) => isFailed || wallUs(lane, at) > limitUs);
  const [failed, slow] = [lane.failed.slice(first, last), slowAll.slice(first, last)];

  const service = restoreService(seen, failed);
  const performance = restorePerformance(seen, slow, service);
  const instant = (at: number | null) => (at === null ? null : (seen.intendedUs[at] as number));
  const sinceInjection = (at: number | null) => (at === null ? null : (seen.intendedUs[at] as number) - injectedUs);
  const outage = service.startsAt !== null;
  const startOf = (bad: boolean[], at: number) => startUncertaintyUs(lane, bad, first + at);
  const endOf = (bad: boolean[], at: number | null) => (at === null ? null : endUncertaintyUs(lane, bad, first + at));
  const endUncertainty = outage ? endOf(lane.failed, service.restoredAt) : null;
  const degraded =
    performance.startsAt === null
      ? null
      : {
          startUs: seen.intendedUs[performance.startsAt] as number,
          startUncertaintyUs: startOf(slowAll, performance.startsAt),
          endUs: instant(performance.restoredAt),
          endUncertaintyUs: endOf(slowAll, performance.restoredAt),
        };
  return {
    outage,
    recovered: service.restoredAt !== null,
    outageStartUs: instant(service.startsAt),
    outageEndUs: outage ? instant(service.restoredAt) : null,
    flaps: service.flaps,
    badUs: badUs(seen, failed),
    startUncertaintyUs: service.startsAt === null ? null : startOf(lane.failed, service.startsAt),
    endUncertaintyUs: endUncertainty,
    serviceRestoredUs: !outage && service.restoredAt !== null ? 0 : sinceInjection(service.restoredAt),
    // Speed that was never lost was there at once, not at the next probe.
    performanceRestoredUs:
      degraded === null && performance.restoredAt !== null ? 0 : sinceInjection(performance.restoredAt),
    degraded,
    serviceUncertaintyUs: endUncertainty ?? noOutageUncertaintyUs(lane),
    performanceUncertaintyUs: degraded?.endUncertaintyUs ?? noOutageUncertaintyUs(lane),
    observedUs: endUs - injectedUs,
    probes: failed.length,
    sentShare: (failed.length * lane.intervalUs) / Math.max(lane.intervalUs, loadEndUs - injectedUs),
  };
}

/** What a probe saw holds until the next one was sent: where none could be sent, after a failed one, is not good time. */
const badUs = ({ intendedUs, endUs }: Seen, failed: boolean[]): number =>
  failed.reduce((sum, isFailed, at) => {
    const nextUs = intendedUs[at + 1] ?? endUs;
    return isFailed ? sum + nextUs - (intendedUs[at] as number) : sum;
  }, 0);

interface Seen {
  intendedUs: number[];
  intervalUs: number;
  endUs: number;
}

interface Restored {
  startsAt: number | null;
  restoredAt: number | null;
}

function restoreService(seen: Seen, failed: boolean[]): Restored & { flaps: number } {
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

/** Without service there is no performance: it cannot be back before. */
function restorePerformance(seen: Seen, slow: boolean[], service: Restored): Restored {
  if (service.restoredAt === null && service.startsAt === null) return { startsAt: null, restoredAt: null };
  let restoredAt = service.restoredAt;
  for (let from = restoredAt; from !== null; ) {
    restoredAt = firstSustained(seen, slow, from, maxSlowShare);
    from = restoredAt === null ? null : firstLost(seen, slow, restoredAt);
  }
  // What is slow after the end is within what is tolerated.
  const starts = [firstReopening(seen, slow, 0), indexOrNull(slow.indexOf(true))];
  const startsAt = starts.find((at) => at !== null && at < (restoredAt ?? Infinity)) ?? null;
  return { startsAt, restoredAt };
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
    const badSoon = (badBefore[Math.min(at + settledProbes, bad.length)] as number) - (badBefore[at] as number);
    if (badSoon === 0 && windows.every((window) => holds(startUs + window * windowUs))) return at;
  }
  return null;
}

/** Index of the first failed probe that starts a second in which too many fail. */
const firstReopening = (seen: Seen, failed: boolean[], from: number): number | null =>
  firstWithTooMany(seen, failed, from, [0]);

/** Index of the first slow probe that starts three seconds in each of which too many are slow. */
const firstLost = (seen: Seen, slow: boolean[], from: number): number | null =>
  firstWithTooMany(seen, slow, from, windows);

function firstWithTooMany({ intendedUs, intervalUs }: Seen, bad: boolean[], from: number, inWindows: number[]) {
  const badBefore = runningCount(bad);
  const enough = Math.max(2, reopenShare * (windowUs / intervalUs));
  for (let at = bad.indexOf(true, from); at >= 0; at = bad.indexOf(true, at + 1)) {
    const before = (windowEnd: number) =>
      badBefore[lowerBound(intendedUs, (intendedUs[at] as number) + windowEnd * windowUs)] as number;
    if (inWindows.every((window) => before(window + 1) - before(window) >= enough)) return at;
  }
  return null;
}

/** How many are true before each index. */
function runningCount(flags: boolean[]): number[] {
  let count = 0;
  return [0, ...flags.map((flag) => (count += flag ? 1 : 0))];
}
