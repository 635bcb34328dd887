import type { Observation } from '../model/evidence.ts';
import type { LatencyFact, Percentile, Timeline, WorstSecond } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import { allowedBadShare, errorOfEachTry, type Plan } from '../model/plan.ts';
import { type LatencyPath, latencyPaths } from '../model/profile.ts';
import { percentileBounds, type SlowestCalls } from '../statistics/percentile-bounds.ts';
import { rankOf } from '../statistics/rank.ts';
import { shareBounds } from '../statistics/share.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { errorOf } from './held-on.ts';
import { limitOf } from './limits.ts';
import { type ObservationOf, ofKind } from './observations.ts';
import { phaseSpans, phasesOf } from './timeline.ts';

/** The wall time that a failed call counts as: worse than any limit. */
export const failedUs = 9_000_000_000_000_000;
/**
 * The bounds of a p99 lie among the slowest calls: this many of them are searched, or this share if that is more, up to
 * what easily fits into memory. With more than a hundred million calls, a bound may stay unknown for that.
 */
const fewestSlowest = 10_000;
const slowestShare = 0.05;
const mostSlowest = 5_000_000;

/** A promised path in a phase, and what of it is judged. */
interface Subject {
  path: LatencyPath;
  phase: Phase;
  limitMs: number;
  error: number;
  /** Seconds of the phase: all, and those that others took. */
  length: { all: number; robbed: number };
  /** Whether what started in the latter is left out. */
  leftOut: boolean;
}

/** Each promised path in each phase: exact percentiles over all calls, a failed one being worse than any limit. */
export async function latencyFacts(
  store: EvidenceStore,
  observations: Observation[],
  timeline: Timeline,
  plan: Plan,
  robbedSeconds: number[],
): Promise<LatencyFact[]> {
  const subjects: Subject[] = [];
  for (const path of latencyPaths) {
    for (const phase of phasesOf(plan)) {
      const limitMs = limitOf(plan, path, phase);
      if (limitMs === null) continue;
      const span = phaseSpans(timeline).find((one) => one.phase === phase);
      const length = span === undefined ? { all: 0, robbed: 0 } : lengthOf(await ended(store, span), robbedSeconds);
      const error = errorOfEachTry(errorOf(plan, phase, observations, length.all * 1_000), length.robbed);
      const leftOut = length.robbed > 0 && !(await isKeptByAll(store, { path, phase }, length.all, error));
      subjects.push({ path, phase, limitMs, error, length, leftOut });
    }
  }
  await makeWalls(store, subjects);
  const looks = ofKind(observations, 'host');
  const facts: LatencyFact[] = [];
  for (const subject of subjects) facts.push(await measure(store, subject, looks));
  return facts;
}

const groupOf = ({ path, phase }: Pick<Subject, 'path' | 'phase'>): string => `path = '${path}' AND phase = '${phase}'`;

/** Others only make calls slower: a promise that all calls keep is kept, whatever they took. */
async function isKeptByAll(
  store: EvidenceStore,
  subject: Pick<Subject, 'path' | 'phase'>,
  seconds: number,
  error: number,
): Promise<boolean> {
  const group = groupOf(subject);
  const [row] = await store.rows(`SELECT sum(calls)::DOUBLE AS count FROM call_counts WHERE ${group}`);
  const badBySecond = (await badSeconds(store, group)).map(({ bad }) => bad);
  return shareBounds({ count: Number(row?.count ?? 0), badBySecond, seconds }, error).high < allowedBadShare;
}

/**
 * `walls`: for each wall time, how many calls count as no longer than it. `slowest`: of the slowest calls, how many count as
 * which wall time in which second; failed calls, which are all alike, take one row per second.
 */
async function makeWalls(store: EvidenceStore, subjects: Subject[]): Promise<void> {
  const leftOut = subjects.filter((subject) => subject.leftOut).map((subject) => `(${groupOf(subject)} AND robbed)`);
  await store.run(`CREATE TEMP VIEW judged AS
    SELECT path, phase, start_second AS second, CASE WHEN failed THEN ${failedUs} ELSE wall_us END AS wall_us
    FROM calls WHERE phase IS NOT NULL AND NOT (${['false', ...leftOut].join(' OR ')});
    CREATE TEMP TABLE walls AS
    SELECT path, phase, wall_us, sum(count(*)) OVER (PARTITION BY path, phase ORDER BY wall_us)::BIGINT AS up_to
    FROM judged GROUP BY path, phase, wall_us;
    CREATE TEMP TABLE slowest AS
    WITH counted AS (SELECT *, max(up_to) OVER (PARTITION BY path, phase) AS count FROM walls),
    least AS (
      SELECT path, phase, min(wall_us) AS least_us FROM counted
      WHERE up_to > count - greatest(${fewestSlowest}, ceil(count * ${slowestShare})) GROUP BY path, phase
    )
    SELECT path, phase, wall_us, second, count(*)::BIGINT AS calls
    FROM judged JOIN least USING (path, phase) WHERE wall_us >= least_us GROUP BY path, phase, wall_us, second`);
}

/** A run that was cut off ends when its last call started. */
async function ended<S extends { endMs: number }>(store: EvidenceStore, span: S): Promise<S> {
  if (span.endMs !== Infinity) return span;
  const [row] = await store.rows('SELECT max(start_us)::DOUBLE / 1000 AS ms FROM calls');
  return { ...span, endMs: Number(row?.ms) };
}

/** A phase's length in seconds, and how much of it others took from the host. */
function lengthOf({ startMs, endMs }: { startMs: number; endMs: number }, robbedSeconds: number[]): Subject['length'] {
  const robbed = robbedSeconds.reduce((sum, secondMs) => {
    const overlapMs = Math.min(endMs, secondMs + 1_000) - Math.max(startMs, secondMs);
    return sum + Math.max(0, overlapMs) / 1000;
  }, 0);
  return { all: Math.max(0, endMs - startMs) / 1000, robbed };
}

async function measure(store: EvidenceStore, subject: Subject, looks: ObservationOf<'host'>[]): Promise<LatencyFact> {
  const { path, phase, limitMs, error, length, leftOut } = subject;
  const group = groupOf(subject);
  const judged = leftOut ? `${group} AND NOT robbed` : group;
  const [counts] = await store.rows(`SELECT sum(calls)::DOUBLE AS count, sum(calls) FILTER (failed)::DOUBLE AS failed,
    sum(calls) FILTER (bad)::DOUBLE AS bad, sum(calls) FILTER (bad AND late)::DOUBLE AS late_bad
    FROM call_counts WHERE ${judged}`);
  const [robbed] = await store.rows(`SELECT sum(calls)::DOUBLE AS calls, sum(calls) FILTER (bad)::DOUBLE AS bad
    FROM call_counts WHERE robbed AND ${group}`);
  const [count, failed] = [Number(counts?.count ?? 0), Number(counts?.failed ?? 0)];
  const at = await ranked(store, group, [
    ...[500, 950, 990, 999].map((perMille) => rankOf(count, perMille)),
    ...[500, 990].map((perMille) => rankOf(count - failed, perMille)),
  ]);
  const seconds = leftOut ? length.all - length.robbed : length.all;
  const bounds = percentileBounds(await slowestOf(store, group, count), { count, seconds }, allowedBadShare, error);
  const bad = await badSeconds(store, judged);
  const known = count > failed;
  return {
    path,
    phase,
    limitMs,
    error,
    count,
    failed,
    bad: Number(counts?.bad ?? 0),
    p50Ms: percentileOf(at[0]),
    p95Ms: percentileOf(at[1]),
    p99Ms: percentileOf(at[2]),
    p999Ms: percentileOf(at[3]),
    p99LowMs: percentileOf(bounds.low),
    p99HighMs: percentileOf(bounds.high),
    succeeded: {
      count: count - failed,
      p50Ms: known ? Number(at[4]) / 1000 : null,
      p99Ms: known ? Number(at[5]) / 1000 : null,
    },
    badBySecond: bad.map((one) => one.bad),
    seconds,
    lateBad: Number(counts?.late_bad ?? 0),
    robbed: {
      seconds: length.robbed,
      calls: Number(robbed?.calls ?? 0),
      bad: Number(robbed?.bad ?? 0),
      leftOut,
    },
    worstSecond: worstOf(bad[0], looks),
  };
}

async function ranked(store: EvidenceStore, group: string, ranks: number[]): Promise<(number | null)[]> {
  const picks = ranks.map((rank, index) => `min(wall_us) FILTER (up_to >= ${rank})::DOUBLE AS r${index}`).join(', ');
  const [picked] = await store.rows(`SELECT ${picks} FROM walls WHERE ${group}`);
  return ranks.map((_, index) => (picked?.[`r${index}`] == null ? null : Number(picked[`r${index}`])));
}

export const percentileOf = (us: number | null | undefined): Percentile => {
  if (us == null) return null;
  return us >= failedUs ? 'failed' : us / 1000;
};

async function slowestOf(store: EvidenceStore, group: string, count: number): Promise<SlowestCalls> {
  const most = Math.min(count, mostSlowest, Math.max(fewestSlowest, Math.ceil(count * slowestShare)));
  const [wallUs = [], second = [], calls = []] =
    (await store.columns(`SELECT wall_us::DOUBLE, second::DOUBLE, calls::DOUBLE
    FROM slowest WHERE ${group} ORDER BY wall_us DESC, second LIMIT ${most}`)) as [number[], number[], number[]];
  const [walls, seconds] = [new Float64Array(most), new Float64Array(most)];
  let from = 0;
  for (const [row, ofRow] of calls.entries()) {
    walls.fill(wallUs[row] as number, from, from + ofRow);
    seconds.fill(second[row] as number, from, from + ofRow);
    from += ofRow;
  }
  return { walls, seconds };
}

/** Seconds with bad calls, by their start in microseconds, worst first. */
async function badSeconds(store: EvidenceStore, group: string): Promise<{ second: number; bad: number }[]> {
  const rows = await store.rows(`SELECT start_second::DOUBLE AS second, sum(calls)::DOUBLE AS bad FROM call_counts
    WHERE bad AND ${group} GROUP BY start_second ORDER BY bad DESC, second`);
  return rows.map(({ second, bad }) => ({ second: Number(second), bad: Number(bad) }));
}

/** A look at the host describes the second before it. */
function worstOf(
  worst: { second: number; bad: number } | undefined,
  looks: ObservationOf<'host'>[],
): WorstSecond | null {
  if (worst === undefined) return null;
  const atMs = worst.second / 1_000;
  const look = looks.find((one) => one.atMs >= atMs + 500 && one.atMs < atMs + 1_500);
  return { atMs, bad: worst.bad, busyRatio: look?.busyRatio ?? null, stealRatio: look?.stealRatio ?? null };
}
