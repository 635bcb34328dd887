import quantile from '@stdlib/stats-base-dists-binomial-quantile';
import { lowerBound } from './lane-probes.ts';

/*
 * When what was lost came back, by the rules at the head of outage.ts. Each rule asks for few bad probes from an instant on,
 * and the first instant that meets them all is taken: a worse probe can only make it later.
 */

/** What was seen of a lane from the injection on. All arrays run in parallel to the probes. */
export interface Seen {
  intendedUs: number[];
  /** For each probe: since when the shop served those sent from it on. */
  backUs: number[];
  intervalUs: number;
  endUs: number;
}

/** The same, with what counts as bad. */
interface Judged extends Seen {
  bad: boolean[];
  /** How many are bad before each index. */
  badBefore: number[];
}

/** Indices of probes. */
export interface Restored {
  startsAt: number | null;
  /** From here on all was well as far as was seen. */
  backAt: number | null;
  /** It was seen for long enough. */
  isSteady: boolean;
  flaps: number;
}

const windowUs = 1_000_000;
const windows = [0, 1, 2];
/** How long all must be well before a recovery is certain. */
export const steadyMs = (windows.length * windowUs) / 1000;
const minSentShare = 0.95;
const settledProbes = 10;
const reopenShare = 0.05;
/** What a p99 promises. */
const maxBadShare = 0.01;
const promiseWindowUs = 30_000_000;
/** Chance of too many bad probes in one window of a shop that only just keeps its promise. A run has some hundred that differ. */
const chance = 0.0001;

/** Service is lost again where too many of a second's probes are bad, or more than promised in the long run. */
export function restoreService(seen: Seen, bad: boolean[]): Restored {
  const judged = judgedBy(seen, bad);
  const lostAgain = (from: number) => {
    const lost = [firstReopening(judged, from), firstBeyondPromise(judged, from)].filter((at) => at !== null);
    return lost.length === 0 ? null : Math.min(...lost);
  };
  return restore(judged, 0, 0, lostAgain);
}

/** Without service there is no performance: it cannot be back earlier. */
export function restorePerformance(seen: Seen, slow: boolean[], service: Restored): Restored {
  const judged = judgedBy(seen, slow);
  return restore(judged, service.backAt ?? slow.length, maxBadShare, (from) => firstBeyondPromise(judged, from));
}

function judgedBy(seen: Seen, bad: boolean[]): Judged {
  let count = 0;
  const badBefore = bad.map((isBad) => (isBad ? count++ : count));
  return { ...seen, bad, badBefore: [...badBefore, count] };
}

function restore(judged: Judged, from: number, badShare: number, lostAgain: (from: number) => number | null): Restored {
  const { bad, backUs, endUs } = judged;
  const firstBackAt = firstSustained(judged, from, badShare);
  // What is tolerated later is not tolerated in the first seconds.
  let outages = bad.slice(0, firstBackAt ?? bad.length).includes(true) ? 1 : 0;
  let backAt = firstBackAt;
  while (backAt !== null) {
    const lostAt = lostAgain(backAt);
    if (lostAt === null) break;
    outages += 1;
    backAt = firstSustained(judged, lostAt, badShare);
  }
  const starts = [firstReopening(judged, 0), indexOrNull(bad.indexOf(true))];
  return {
    // What is bad after the end is within what is tolerated.
    startsAt: starts.find((at) => at !== null && at < (backAt ?? Infinity)) ?? null,
    backAt,
    isSteady: backAt !== null && (backUs[backAt] as number) + steadyMs * 1000 <= endUs,
    flaps: Math.max(0, outages - 1),
  };
}

const indexOrNull = (index: number): number | null => (index < 0 ? null : index);

/** Index of the first good probe from which enough windows in a row hold, as far as they were seen. */
function firstSustained(
  { intendedUs, intervalUs, endUs, badBefore }: Judged,
  from: number,
  badShare: number,
): number | null {
  const holds = (startUs: number) => {
    const toUs = Math.min(startUs + windowUs, endUs);
    const [first, last] = [lowerBound(intendedUs, startUs), lowerBound(intendedUs, toUs)];
    const badCount = (badBefore[last] as number) - (badBefore[first] as number);
    const leastSent = Math.floor((minSentShare * (toUs - startUs)) / intervalUs);
    return last - first >= leastSent && badCount <= badShare * (last - first);
  };
  for (let at = from; at < intendedUs.length; at += 1) {
    const startUs = intendedUs[at] as number;
    const badSoon = (badBefore[Math.min(at + settledProbes, intendedUs.length)] as number) - (badBefore[at] as number);
    const seen = windows.filter((window) => startUs + window * windowUs < endUs);
    if (badSoon === 0 && seen.every((window) => holds(startUs + window * windowUs))) return at;
  }
  return null;
}

/** Index of the first bad probe that starts a second with too many of them. */
function firstReopening({ intendedUs, intervalUs, bad, badBefore }: Judged, from: number): number | null {
  const enough = Math.max(2, reopenShare * (windowUs / intervalUs));
  const isEnough = (at: number) => {
    const next = lowerBound(intendedUs, (intendedUs[at] as number) + windowUs);
    return (badBefore[next] as number) - (badBefore[at] as number) >= enough;
  };
  return firstBad(bad, from, isEnough);
}

/** Index of the first bad probe that starts a window with more of them than the promise allows; a window does not go beyond the end. */
function firstBeyondPromise({ intendedUs, endUs, bad, badBefore }: Judged, from: number): number | null {
  const lastStart = Math.max(from, lowerBound(intendedUs, endUs - promiseWindowUs));
  const isBeyond = (at: number) => {
    const first = Math.min(at, lastStart);
    const next = lowerBound(intendedUs, (intendedUs[first] as number) + promiseWindowUs);
    return (badBefore[next] as number) - (badBefore[first] as number) > mostAllowed(next - first);
  };
  return firstBad(bad, from, isBeyond);
}

function firstBad(bad: boolean[], from: number, isFound: (at: number) => boolean): number | null {
  for (let at = bad.indexOf(true, from); at >= 0; at = bad.indexOf(true, at + 1)) if (isFound(at)) return at;
  return null;
}

const allowed = new Map<number, number>();

/** The most of n probes that are bad, but for `chance`, if each is bad with the promised probability. */
export function mostAllowed(n: number): number {
  const most = allowed.get(n) ?? quantile(1 - chance, n, maxBadShare);
  allowed.set(n, most);
  return most;
}
