import { k6Metrics, type Observation } from '../model/evidence.ts';
import type { Facts, Timeline } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { phaseCase } from './calls.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { loadPodFacts } from './load-pods.ts';
import { markAt, ofKind } from './observations.ts';
import { type LateWait, lateMs } from './robbed-seconds.ts';

/** What was sent, from the calls where there are any, and by what. */
export async function loadFacts(
  store: EvidenceStore,
  observations: Observation[],
  timeline: Timeline,
  plan: Plan,
  hasCalls: boolean,
): Promise<Facts['load']> {
  const pods = loadPodFacts(observations, timeline, plan);
  const owed = pods.flatMap((pod) => pod.owed);
  const finished = ofKind(observations, 'load-finished').at(-1);
  const [sample] = hasCalls
    ? await store.rows(`SELECT coalesce(sum(dropped), 0)::DOUBLE AS dropped, sum(vus) AS vus FROM (
        SELECT sum(value) FILTER (metric = 'dropped_iterations') AS dropped, max(value) FILTER (metric = 'vus') AS vus
        FROM samples GROUP BY worker)`)
    : [];
  const rateBetween = async (startMs: number | null, endMs: number | null) =>
    hasCalls && startMs !== null && endMs !== null && endMs > startMs ? await rate(store, startMs, endMs) : null;
  return {
    baselineRatePerSecond: await rateBetween(timeline.baselineStartMs, timeline.rampStartMs ?? timeline.peakStartMs),
    peakRatePerSecond: await rateBetween(
      timeline.peakStartMs,
      timeline.injectedAtMs ?? timeline.recoveredAtMs ?? timeline.loadEndMs,
    ),
    peakProvenAtMs: markAt(observations, 'peak-proven'),
    dropped: sample === undefined ? null : Number(sample.dropped) + sumOf(owed),
    droppedInPhases: hasCalls ? byPhase([...(await droppedInPhases(store, timeline)), ...owed]) : [],
    unsentInPhases: hasCalls ? await unsentInPhases(store, timeline) : [],
    lateInPhases: hasCalls ? await lateInPhases(store, timeline) : [],
    generator: {
      name: 'k6',
      version: finished?.version ?? 'unknown',
      exitCode: finished?.exitCode ?? null,
      maxVus: sample?.vus == null ? null : Number(sample.vus),
      availableVus: finished?.availableVus ?? null,
    },
    ...(pods.length > 0 && { pods }),
  };
}

type Counts = Facts['load']['droppedInPhases'];

const sumOf = (counts: Counts): number => counts.reduce((sum, { count }) => sum + count, 0);

const byPhase = (counts: Counts): Counts =>
  [...new Set(counts.map(({ phase }) => phase))].map((phase) => ({
    phase,
    count: sumOf(counts.filter((one) => one.phase === phase)),
  }));

/** k6 stamps a drop with the instant at which the iteration should have started. */
async function droppedInPhases(store: EvidenceStore, timeline: Timeline): Promise<Facts['load']['droppedInPhases']> {
  const rows = await store.rows(`SELECT ${phaseCase(timeline, 'end_us')} AS phase, sum(value)::DOUBLE AS count
    FROM samples WHERE metric = 'dropped_iterations' AND end_us IS NOT NULL GROUP BY ALL ORDER BY ALL`);
  return rows.flatMap(({ phase, count }) =>
    phase === null ? [] : [{ phase: String(phase) as Phase, count: Number(count) }],
  );
}

/** Such a call fails at once, so its end shows the phase as well as its start does. */
async function unsentInPhases(store: EvidenceStore, timeline: Timeline): Promise<Facts['load']['unsentInPhases']> {
  const rows = await store.rows(`SELECT ${phaseCase(timeline, 'end_us')} AS phase, count(*)::DOUBLE AS count
    FROM samples WHERE metric = '${k6Metrics.call}' GROUP BY ALL ORDER BY ALL`);
  return rows.map(({ phase, count }) => ({
    phase: phase === null ? null : (String(phase) as Phase),
    count: Number(count),
  }));
}

async function lateInPhases(store: EvidenceStore, timeline: Timeline): Promise<Facts['load']['lateInPhases']> {
  const rows = await store.rows(`SELECT ${phaseCase(timeline, 'end_us')} AS phase, quantile_disc(value, 0.99) AS p99_ms
    FROM samples WHERE metric = '${k6Metrics.generatorLate}' AND end_us IS NOT NULL GROUP BY ALL ORDER BY ALL`);
  return rows.flatMap(({ phase, p99_ms }) =>
    phase === null ? [] : [{ phase: String(phase) as Phase, p99Ms: Number(p99_ms) }],
  );
}

/** k6's own waits that took longer than planned by more than what counts as late. */
export async function readLateWaits(store: EvidenceStore): Promise<LateWait[]> {
  const rows = await store.rows(`SELECT end_us::DOUBLE / 1000 AS end_ms, value FROM samples
    WHERE metric = '${k6Metrics.generatorLate}' AND end_us IS NOT NULL AND value > ${lateMs} ORDER BY ALL`);
  return rows.map(({ end_ms, value }) => ({ dueMs: Number(end_ms) - Number(value), endMs: Number(end_ms) }));
}

/** Requests started per second. Retries are left out: a failing shop must not look like a reached peak. */
async function rate(store: EvidenceStore, startMs: number, endMs: number): Promise<number> {
  const [row] = await store.rows(
    `SELECT count(*)::DOUBLE AS calls FROM calls
     WHERE first_try AND start_us >= ${Math.round(startMs * 1000)} AND start_us < ${Math.round(endMs * 1000)}`,
  );
  return Number(row?.calls) / ((endMs - startMs) / 1000);
}
