import type { LatencyFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { latencyPaths } from '../model/profile.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { limitOf } from './limits.ts';
import { p99BoundRanks, rankOf } from './percentile-ranks.ts';
import { phasesOf } from './timeline.ts';

/** Each promised path in each phase: exact percentiles over all calls, failed ones included at their wall time. */
export async function latencyFacts(store: EvidenceStore, plan: Plan): Promise<LatencyFact[]> {
  await store.run(`CREATE TEMP TABLE sorted_calls AS
    SELECT path, phase, count(*)::INTEGER AS count, count(*) FILTER (failed)::INTEGER AS failed, count(*) FILTER (bad)::INTEGER AS bad,
      list(wall_us ORDER BY wall_us) AS walls FROM calls WHERE phase IS NOT NULL GROUP BY path, phase`);
  const facts: LatencyFact[] = [];
  for (const path of latencyPaths) {
    for (const phase of phasesOf(plan)) {
      const limitMs = limitOf(plan, path, phase);
      if (limitMs !== null)
        facts.push({ path, phase, limitMs, ...(await measure(store, `path = '${path}' AND phase = '${phase}'`)) });
    }
  }
  return facts;
}

async function measure(store: EvidenceStore, group: string): Promise<Omit<LatencyFact, 'path' | 'phase' | 'limitMs'>> {
  const [row] = await store.rows(`SELECT count, failed, bad FROM sorted_calls WHERE ${group}`);
  const { count, failed, bad } = (row ?? { count: 0, failed: 0, bad: 0 }) as unknown as Pick<
    LatencyFact,
    'count' | 'failed' | 'bad'
  >;
  const bounds = p99BoundRanks(count);
  const ranks = [...[500, 950, 990, 999].map((perMille) => rankOf(count, perMille)), bounds.low ?? 0, bounds.high ?? 0];
  // A rank of 0 takes nothing out of a list: null.
  const picks = ranks.map((rank, index) => `walls[${count === 0 ? 0 : rank}]::DOUBLE AS r${index}`).join(', ');
  const [picked] = await store.rows(`SELECT ${picks} FROM sorted_calls WHERE ${group}`);
  const at = (index: number) => (picked?.[`r${index}`] == null ? null : Number(picked[`r${index}`]) / 1000);
  return {
    count,
    failed,
    bad,
    p50Ms: at(0),
    p95Ms: at(1),
    p99Ms: at(2),
    p999Ms: at(3),
    p99LowMs: at(4),
    p99HighMs: at(5),
  };
}
