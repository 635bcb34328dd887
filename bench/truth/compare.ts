import { type LaneProbes, lowerBound } from '../../src/analysis/lane-probes.ts';
import { type LaneRecovery, recoverLane } from '../../src/analysis/outage.ts';
import { laneName, type Measured } from './measure.ts';
import { edge, type Schedule } from './schedule.ts';
import type { Said } from './shop.ts';

/** What the analysis says about one outage, beside what happened. */
export interface Compared {
  schedule: Schedule;
  /** As shown by the broken server's own lane or, for a replica's outage, by the balancer in front of it. */
  via: 'server' | 'balancer';
  connection: string;
  /** An outage was found, and found to have ended if it did. */
  found: boolean;
  start: Instant | null;
  end: Instant | null;
  /** Total bad time as measured, minus the true one. null where not every request fails. */
  badErrorMs: number | null;
  badUncertaintyMs: number;
  /** The latest that a probe around the outage's ends was sent, and the longest that the shop stalled there. */
  sentinelLateMs: number;
  shopLateMs: number;
}

/** Measured minus true, and how far from the truth the analysis says it can be. */
export interface Instant {
  errorMs: number;
  uncertaintyMs: number;
}

export const isWithin = ({ errorMs, uncertaintyMs }: Instant): boolean => Math.abs(errorMs) <= uncertaintyMs;

/** Slower than this is too slow: scripted slowness is well above it, and a healthy answer well below. */
const limitMs = 150;

/** Every schedule against the truth; a replica's twice, as its own lane and the balancer's show it. */
export function compareAll(schedules: Schedule[], measured: Measured): Compared[] {
  return schedules.flatMap((schedule) => {
    const own = compare(schedule, schedule.server, measured);
    return schedule.server === edge ? [own] : [own, compare(schedule, edge, measured)];
  });
}

/** The number of replicas that did not break but were reported to have been away. */
export function falseOutages(schedules: Schedule[], measured: Measured): number {
  const beside = schedules.flatMap((schedule) =>
    measured.lanes
      .filter(({ lane, replica }) => lane === laneName(schedule.shop, replica) && replica !== schedule.server)
      .filter(({ replica }) => replica !== '')
      .map((lane) => recover(lane, schedule, measured.startMs)),
  );
  return beside.filter(({ outage }) => outage).length;
}

function compare(schedule: Schedule, server: string, measured: Measured): Compared {
  const lane = measured.lanes.find((one) => one.lane === laneName(schedule.shop, server));
  if (lane === undefined) throw new Error(`the sentinel left no probes of ${laneName(schedule.shop, server)}`);
  const truth = truthOf(schedule, measured.said);
  const recovery = recover(lane, schedule, measured.startMs);
  const { startUs, endUs, startUncertaintyUs, endUncertaintyUs } = endsOf(schedule, recovery);
  const isBack = schedule.kind !== 'never back';
  const instant = (us: number | null, uncertaintyUs: number | null, trueMs: number): Instant | null =>
    us === null || uncertaintyUs === null ? null : { errorMs: us / 1000 - trueMs, uncertaintyMs: uncertaintyUs / 1000 };
  const around = isBack ? [truth.startMs, truth.endMs] : [truth.startMs];
  return {
    schedule,
    via: server === schedule.server ? 'server' : 'balancer',
    connection: lane.connection,
    found: startUs !== null && (endUs !== null) === isBack,
    start: instant(startUs, startUncertaintyUs, truth.startMs),
    end: isBack ? instant(endUs, endUncertaintyUs, truth.endMs) : null,
    badErrorMs:
      isBack && server === schedule.server && schedule.fault !== 'slow' ? recovery.badUs / 1000 - truth.badMs : null,
    // Each end of each burst falls between two probes.
    badUncertaintyMs: (2 * schedule.broken.length * lane.intervalUs) / 1000,
    sentinelLateMs: Math.max(...around.map((atMs) => lateAround(lane, atMs))),
    shopLateMs: Math.max(...around.map((atMs) => stalledAround(measured.said, atMs))),
  };
}

const recover = (lane: LaneProbes, { fromMs, toMs }: Schedule, startMs: number): LaneRecovery =>
  recoverLane(lane, Math.round((startMs + fromMs) * 1000), Math.round((startMs + toMs) * 1000), limitMs * 1000);

/** A slow shop does not fail: what it loses is its speed. */
function endsOf({ fault }: Schedule, { degraded, ...recovery }: LaneRecovery) {
  if (fault === 'slow')
    return degraded ?? { startUs: null, endUs: null, startUncertaintyUs: null, endUncertaintyUs: null };
  const { outageStartUs: startUs, outageEndUs: endUs, startUncertaintyUs, endUncertaintyUs } = recovery;
  return { startUs, endUs, startUncertaintyUs, endUncertaintyUs };
}

/** When the server broke and was whole again: as it reported, not as planned. */
function truthOf({ id, broken }: Schedule, said: Said[]) {
  const instants = (isBroken: boolean) =>
    said
      .filter((one) => 'schedule' in one && one.schedule === id && one.broken === isBroken)
      .map((one) => ('atMs' in one ? one.atMs : 0));
  const [starts, ends] = [instants(true), instants(false)];
  if (starts.length !== broken.length || ends.length !== broken.length)
    throw new Error(`schedule ${id} did not happen as planned: broken ${starts.length} times, mended ${ends.length}`);
  return {
    startMs: starts[0] as number,
    endMs: ends.at(-1) as number,
    badMs: ends.reduce((sum, endMs, burst) => sum + endMs - (starts[burst] as number), 0),
  };
}

const nearMs = 100;

function lateAround({ intendedUs, sentUs }: LaneProbes, atMs: number): number {
  const [first, last] = [
    lowerBound(intendedUs, (atMs - nearMs) * 1000),
    lowerBound(intendedUs, (atMs + nearMs) * 1000),
  ];
  const late = sentUs.slice(first, last).map((us, index) => us - (intendedUs[first + index] as number));
  return Math.max(0, ...late) / 1000;
}

function stalledAround(said: Said[], atMs: number): number {
  const near = said
    .filter((one) => 'stalledFromMs' in one)
    .filter(({ stalledFromMs, stalledToMs }) => stalledFromMs < atMs + nearMs && stalledToMs > atMs - nearMs);
  return Math.max(0, ...near.map(({ stalledFromMs, stalledToMs }) => stalledToMs - stalledFromMs));
}
