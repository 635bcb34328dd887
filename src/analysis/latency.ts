import type { Observation } from '../model/evidence.ts';
import type { LatencyFact, WorstSecond } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, latencyPaths } from '../model/profile.ts';
import { leastDesignEffect } from '../model/spells.ts';
import { spreadOf, total } from './design-effect.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { limitOf } from './limits.ts';
import { type ObservationOf, ofKind } from './observations.ts';
import { p99BoundRanks, rankOf } from './percentile-ranks.ts';
import { phasesOf } from './timeline.ts';

type Measured = Omit<LatencyFact, 'path' | 'phase' | 'limitMs'>;

/** Each promised path in each phase: exact percentiles over all calls, failed ones included at their wall time. */
export async function latencyFacts(
  store: EvidenceStore,
  observations: Observation[],
  plan: Plan,
): Promise<LatencyFact[]> {
  const looks = ofKind(observations, 'host');
  await store.run(`CREATE TEMP TABLE walls AS
    SELECT path, phase, wall_us, sum(count(*)) OVER (PARTITION BY path, phase ORDER BY wall_us)::BIGINT AS up_to
    FROM calls WHERE phase IS NOT NULL GROUP BY path, phase, wall_us;
    CREATE TEMP TABLE seconds AS
    SELECT path, phase, start_us // 1000000 AS second, count(*) AS calls, count(*) FILTER (failed) AS failed,
      count(*) FILTER (bad) AS bad, count(*) FILTER (wall_us > p99_us) AS slowest
    FROM calls JOIN (
      SELECT path, phase, min(wall_us) AS p99_us
      FROM walls JOIN (SELECT path, phase, max(up_to) AS count FROM walls GROUP BY path, phase) USING (path, phase)
      WHERE up_to >= (count * 99 + 99) // 100 GROUP BY path, phase
    ) USING (path, phase) GROUP BY path, phase, second`);
  const facts: LatencyFact[] = [];
  for (const path of latencyPaths) {
    for (const phase of phasesOf(plan)) {
      const limitMs = limitOf(plan, path, phase);
      if (limitMs !== null) facts.push({ path, phase, limitMs, ...(await measure(store, looks, path, phase)) });
    }
  }
  return facts;
}

async function measure(
  store: EvidenceStore,
  looks: ObservationOf<'host'>[],
  path: LatencyPath,
  phase: Phase,
): Promise<Measured> {
  const group = `path = '${path}' AND phase = '${phase}'`;
  const seconds = await secondsOf(store, group);
  const count = total(seconds.calls);
  const slowest = spreadOf({ calls: seconds.calls, kind: seconds.slowest });
  const leastForHigh = leastDesignEffect(count / Math.max(1, slowest.seconds));
  const bounds = p99BoundRanks(count, slowest.designEffect ?? 1, leastForHigh);
  const ranks = [...[500, 950, 990, 999].map((perMille) => rankOf(count, perMille)), bounds.low, bounds.high];
  const picks = ranks.map((rank, index) => `min(wall_us) FILTER (up_to >= ${rank})::DOUBLE AS r${index}`).join(', ');
  const [picked] = await store.rows(`SELECT ${picks} FROM walls WHERE ${group}`);
  const at = (index: number) => (picked?.[`r${index}`] == null ? null : Number(picked[`r${index}`]) / 1000);
  return {
    count,
    failed: total(seconds.failed),
    bad: total(seconds.bad),
    p50Ms: at(0),
    p95Ms: at(1),
    p99Ms: at(2),
    p999Ms: at(3),
    p99LowMs: at(4),
    p99HighMs: at(5),
    spread: spreadOf({ calls: seconds.calls, kind: seconds.bad }),
    worstSecond: worstOf(seconds, looks),
  };
}

interface Seconds {
  firstMs: number;
  calls: number[];
  failed: number[];
  bad: number[];
  slowest: number[];
}

/** What each second of a path's phase held, silent ones too. */
async function secondsOf(store: EvidenceStore, group: string): Promise<Seconds> {
  const rows = await store.rows(`SELECT second::DOUBLE AS second, calls::INTEGER AS calls, failed::INTEGER AS failed,
      bad::INTEGER AS bad, slowest::INTEGER AS slowest FROM seconds WHERE ${group} ORDER BY second`);
  const [first, last] = [Number(rows[0]?.second ?? 0), Number(rows.at(-1)?.second ?? -1)];
  const dense = (column: string): number[] => {
    const values = Array<number>(last - first + 1).fill(0);
    for (const row of rows) values[Number(row.second) - first] = Number(row[column]);
    return values;
  };
  return {
    firstMs: first * 1000,
    calls: dense('calls'),
    failed: dense('failed'),
    bad: dense('bad'),
    slowest: dense('slowest'),
  };
}

/** The first of those with the most; a look at the host tells of the second before it. */
function worstOf({ firstMs, bad }: Seconds, looks: ObservationOf<'host'>[]): WorstSecond | null {
  const most = Math.max(0, ...bad);
  if (most === 0) return null;
  const atMs = firstMs + bad.indexOf(most) * 1000;
  const look = looks.find((one) => one.atMs >= atMs + 500 && one.atMs < atMs + 1_500);
  return { atMs, bad: most, busyRatio: look?.busyRatio ?? null, stealRatio: look?.stealRatio ?? null };
}
