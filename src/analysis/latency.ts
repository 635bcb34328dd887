import type { Observation } from '../model/evidence.ts';
import type { LatencyFact, Percentile, Timeline, WorstSecond } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, latencyPaths } from '../model/profile.ts';
import { percentileBounds, type SlowestCalls } from '../statistics/percentile-bounds.ts';
import { rankOf } from '../statistics/rank.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { errorOf } from './held-on.ts';
import { limitOf } from './limits.ts';
import { type ObservationOf, ofKind } from './observations.ts';
import { phaseSpans, phasesOf } from './timeline.ts';

/** What a wall time of a failed call counts as: worse than any limit. */
const failedUs = 9_000_000_000_000_000;
const allowedBeyondP99 = 0.01;
/** The bounds of a p99 lie among the slowest calls: so many of them are looked through, and this share of more. */
const fewestSlowest = 10_000;
const slowestShare = 0.05;

/** Each promised path in each phase: exact percentiles over all calls, a failed one being worse than any limit. */
export async function latencyFacts(
  store: EvidenceStore,
  observations: Observation[],
  timeline: Timeline,
  plan: Plan,
  robbedSeconds: number[],
): Promise<LatencyFact[]> {
  await makeWalls(store);
  const looks = ofKind(observations, 'host');
  const facts: LatencyFact[] = [];
  for (const path of latencyPaths) {
    for (const phase of phasesOf(plan)) {
      const limitMs = limitOf(plan, path, phase);
      if (limitMs === null) continue;
      const span = phaseSpans(timeline).find((one) => one.phase === phase);
      const length = span === undefined ? { seconds: 0, robbed: 0 } : lengthOf(await ended(store, span), robbedSeconds);
      facts.push(await measure(store, { path, phase, limitMs }, length, errorOf(plan, phase, observations), looks));
    }
  }
  return facts;
}

/** `judged`: calls with the wall time that they count as. `walls`: how many of each, and how many up to it. */
async function makeWalls(store: EvidenceStore): Promise<void> {
  await store.run(`CREATE TEMP VIEW judged AS
    SELECT path, phase, start_us // 1000000 AS second, CASE WHEN failed THEN ${failedUs} ELSE wall_us END AS wall_us, failed, bad, late
    FROM calls WHERE phase IS NOT NULL AND NOT robbed;
    CREATE TEMP TABLE walls AS
    SELECT path, phase, wall_us, sum(count(*)) OVER (PARTITION BY path, phase ORDER BY wall_us)::BIGINT AS up_to
    FROM judged GROUP BY path, phase, wall_us`);
}

/** The end of a run that was cut off is that of its last call. */
async function ended<S extends { endMs: number }>(store: EvidenceStore, span: S): Promise<S> {
  if (span.endMs !== Infinity) return span;
  const [row] = await store.rows('SELECT max(start_us)::DOUBLE / 1000 AS ms FROM calls');
  return { ...span, endMs: Number(row?.ms) };
}

/** A phase's length in seconds, without the robbed ones in it, and how many these are. */
function lengthOf({ startMs, endMs }: { startMs: number; endMs: number }, robbedSeconds: number[]) {
  const robbed = robbedSeconds.reduce((sum, second) => {
    const overlapMs = Math.min(endMs, (second + 1) * 1000) - Math.max(startMs, second * 1000);
    return sum + Math.max(0, overlapMs) / 1000;
  }, 0);
  return { seconds: Math.max(0, endMs - startMs) / 1000 - robbed, robbed };
}

async function measure(
  store: EvidenceStore,
  subject: { path: LatencyPath; phase: Phase; limitMs: number },
  length: { seconds: number; robbed: number },
  error: number,
  looks: ObservationOf<'host'>[],
): Promise<LatencyFact> {
  const group = `path = '${subject.path}' AND phase = '${subject.phase}'`;
  const [all] = await store.rows(`SELECT count(*)::DOUBLE AS count, count(*) FILTER (failed)::DOUBLE AS failed,
    count(*) FILTER (bad)::DOUBLE AS bad, count(*) FILTER (bad AND late)::DOUBLE AS late_bad FROM judged WHERE ${group}`);
  const [robbed] = await store.rows(`SELECT count(*)::DOUBLE AS calls, count(*) FILTER (bad)::DOUBLE AS bad
    FROM calls WHERE robbed AND ${group}`);
  const [count, failed] = [Number(all?.count), Number(all?.failed)];
  const at = await ranked(store, group, [
    ...[500, 950, 990, 999].map((perMille) => rankOf(count, perMille)),
    ...[500, 990].map((perMille) => rankOf(count - failed, perMille)),
  ]);
  const bounds = percentileBounds(
    await slowestOf(store, group, Math.max(fewestSlowest, Math.ceil(count * slowestShare))),
    { count, seconds: length.seconds },
    allowedBeyondP99,
    error,
  );
  const seconds = await badSeconds(store, group);
  const known = count > failed;
  return {
    ...subject,
    error,
    count,
    failed,
    bad: Number(all?.bad),
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
    badBySecond: seconds.map(({ bad }) => bad),
    seconds: length.seconds,
    lateBad: Number(all?.late_bad),
    robbed: { seconds: length.robbed, calls: Number(robbed?.calls), bad: Number(robbed?.bad) },
    worstSecond: worstOf(seconds[0], looks),
  };
}

async function ranked(store: EvidenceStore, group: string, ranks: number[]): Promise<(number | null)[]> {
  const picks = ranks.map((rank, index) => `min(wall_us) FILTER (up_to >= ${rank})::DOUBLE AS r${index}`).join(', ');
  const [picked] = await store.rows(`SELECT ${picks} FROM walls WHERE ${group}`);
  return ranks.map((_, index) => (picked?.[`r${index}`] == null ? null : Number(picked[`r${index}`])));
}

const percentileOf = (us: number | null | undefined): Percentile => {
  if (us == null) return null;
  return us >= failedUs ? 'failed' : us / 1000;
};

async function slowestOf(store: EvidenceStore, group: string, atMost: number): Promise<SlowestCalls> {
  const [walls = [], seconds = []] = (await store.columns(`SELECT wall_us::DOUBLE, second::DOUBLE FROM judged
    WHERE ${group} ORDER BY wall_us DESC, second LIMIT ${atMost}`)) as [number[], number[]];
  return { walls, seconds };
}

/** Seconds with bad calls, the worst first. */
async function badSeconds(store: EvidenceStore, group: string): Promise<{ second: number; bad: number }[]> {
  const rows = await store.rows(`SELECT second::DOUBLE AS second, count(*)::DOUBLE AS bad FROM judged
    WHERE bad AND ${group} GROUP BY second ORDER BY bad DESC, second`);
  return rows.map(({ second, bad }) => ({ second: Number(second), bad: Number(bad) }));
}

/** A look at the host tells of the second before it. */
function worstOf(
  worst: { second: number; bad: number } | undefined,
  looks: ObservationOf<'host'>[],
): WorstSecond | null {
  if (worst === undefined) return null;
  const atMs = worst.second * 1000;
  const look = looks.find((one) => one.atMs >= atMs + 500 && one.atMs < atMs + 1_500);
  return { atMs, bad: worst.bad, busyRatio: look?.busyRatio ?? null, stealRatio: look?.stealRatio ?? null };
}
