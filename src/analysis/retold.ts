import type { Observation, PathProgress } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, pathsTaken } from '../model/profile.ts';
import { makeCalls, readSamples } from './calls.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { ofKind, readObservations } from './observations.ts';
import { type Probes, readProbes } from './probes.ts';

/** What happened in a run, in order of time. */
export interface Retold {
  observations: Observation[];
  /** Whether the view `shown` holds the calls that ended while the run went on. */
  hasCalls: boolean;
  /** Whether the table `probes` holds the probes. */
  hasProbes: boolean;
}

/**
 * The observations of a run, with what was counted meanwhile counted anew: from its calls and probes themselves. What says that it
 * was days off is left out.
 */
export async function retell(store: EvidenceStore, facts: Facts, plan: Plan): Promise<Retold> {
  const told = await readObservations(store.folder, store.problems);
  const probes = await readProbes(store);
  const hasSamples = await readSamples(store);
  if (hasSamples) await makeCalls(store, facts.timeline, plan);
  const hasCalls = hasSamples && (await keepCallsOfRun(store, facts));
  const seconds = hasCalls ? await progressBySecond(store, pathsTaken(plan.checkoutShare), droppedIn(told)) : [];
  const { startedAtMs } = facts.run;
  const observations = [
    ...told.filter(({ kind }) => !countedMeanwhile.has(kind)),
    ...probesBySecond(probes),
    ...seconds,
  ]
    .filter(({ atMs }) => Math.abs(atMs - startedAtMs) <= longestMs)
    .sort((a, b) => a.atMs - b.atMs);
  return { observations, hasCalls, hasProbes: probes.lanes.length > 0 };
}

const countedMeanwhile: ReadonlySet<Observation['kind']> = new Set(['load-progress', 'probes', 'lanes']);

/** What says that it was days off would make the axis as long. */
const longestMs = 24 * 3_600_000;

/** Makes the view `shown` of the calls that ended while the run went on. @returns whether there are any */
async function keepCallsOfRun(store: EvidenceStore, { run, timeline }: Facts): Promise<boolean> {
  const fromMs = run.startedAtMs - 1_000;
  const toMs = Math.min(run.finishedAtMs ?? timeline.loadEndMs ?? Infinity, fromMs + longestMs) + 60_000;
  await store.run(`CREATE TEMP VIEW shown AS SELECT * FROM calls
    WHERE start_us >= ${Math.round(fromMs * 1_000)} AND end_us <= ${Math.round(toMs * 1_000)}`);
  const [count] = await store.rows('SELECT count(*)::DOUBLE AS calls FROM shown');
  return Number(count?.calls) > 0;
}

/** What was due and never sent left no call: only those who counted it meanwhile tell of it. By the second before which it was told. */
function droppedIn(told: Observation[]): Map<number, number> {
  const bySecond = new Map<number, number>();
  for (const { atMs, dropped } of ofKind(told, 'load-progress')) {
    const second = Math.ceil(atMs / 1_000) - 1;
    bySecond.set(second, (bySecond.get(second) ?? 0) + dropped);
  }
  return bySecond;
}

/** By the second in which they ended, as they became known. */
async function progressBySecond(
  store: EvidenceStore,
  paths: LatencyPath[],
  dropped: ReadonlyMap<number, number>,
): Promise<Observation[]> {
  const rows = await store.rows(`SELECT end_us // 1000000 AS second, path, count(*)::DOUBLE AS calls,
      count(*) FILTER (failed)::DOUBLE AS failed, quantile_disc(wall_us, 0.99)::DOUBLE AS p99_us,
      count(*) FILTER (first_try)::DOUBLE AS tries, count(*) FILTER (first_try AND bad)::DOUBLE AS bad_tries
    FROM shown GROUP BY ALL`);
  const all = await store.rows(`SELECT end_us // 1000000 AS second, quantile_disc(wall_us, 0.99)::DOUBLE AS p99_us
    FROM shown GROUP BY ALL ORDER BY second`);
  const byName = new Map(rows.map((row) => [`${row.second} ${row.path}`, row]));
  const [first, last] = [Number(all[0]?.second), Number(all.at(-1)?.second)];
  const p99 = new Map(all.map((row) => [Number(row.second), Number(row.p99_us) / 1_000]));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const second = first + index;
    const found = paths.map((path) => progressOf(path, byName.get(`${second} ${path}`)));
    return {
      kind: 'load-progress' as const,
      atMs: (second + 1) * 1_000,
      ratePerSecond: found.reduce((sum, { calls }) => sum + calls, 0),
      errorsPerSecond: found.reduce((sum, { failed }) => sum + failed, 0),
      p99Ms: p99.get(second) ?? null,
      dropped: dropped.get(second) ?? 0,
      paths: found,
    };
  });
}

function progressOf(path: LatencyPath, row: Record<string, unknown> | undefined): PathProgress {
  const count = (name: string) => Number(row?.[name] ?? 0);
  const p99Ms = row ? Number(row.p99_us) / 1_000 : null;
  return {
    path,
    calls: count('calls'),
    failed: count('failed'),
    p99Ms,
    tries: count('tries'),
    badTries: count('bad_tries'),
  };
}

/** By the second in which they should have been sent, known once it is over. */
function probesBySecond({ lanes }: Probes): Observation[] {
  const bySecond = new Map<number, Record<string, { good: number; failed: number }>>();
  for (const { lane, intendedUs, failed } of lanes) {
    for (const [index, us] of intendedUs.entries()) {
      const second = Math.floor(us / 1_000_000);
      const counts =
        bySecond.get(second) ?? Object.fromEntries(lanes.map(({ lane }) => [lane, { good: 0, failed: 0 }]));
      bySecond.set(second, counts);
      const of = counts[lane];
      if (of) of[failed[index] ? 'failed' : 'good'] += 1;
    }
  }
  const atReplicas = lanes.filter(({ via }) => via === 'replica');
  const replicas = atReplicas.map(({ lane, replica, zone }) => ({ lane, replica, zone }));
  const [first = 0] = [...bySecond.keys()].sort((a, b) => a - b);
  return [
    { kind: 'lanes', atMs: first * 1_000, lanes: lanes.map(({ lane }) => lane), replicas },
    ...[...bySecond].map(([second, counts]) => ({
      kind: 'probes' as const,
      atMs: (second + 1) * 1_000,
      lanes: counts,
    })),
  ];
}
