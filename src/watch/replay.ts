import { makeCalls, readSamples } from '../analysis/calls.ts';
import { EvidenceStore } from '../analysis/evidence-store.ts';
import { verifyManifest } from '../analysis/manifest.ts';
import { readObservations } from '../analysis/observations.ts';
import { readProbes } from '../analysis/probes.ts';
import type { Observation, PathProgress } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { type LatencyPath, pathsTaken } from '../model/profile.ts';
import type { ReportInput } from '../report/report-input.ts';
import type { Fine, Replay, WatchEvent } from './events.ts';
import { Feed } from './feed.ts';
import { verdictEvent } from './room.ts';

/** Stretches of this length, or of the next that keeps their number at bay. */
const binsMs = [50, 100, 250, 500, 1_000, 5_000, 60_000];
const mostBins = 20_000;

/**
 * What those who watched were told, made anew from a run's evidence: from its calls and probes instead of what was counted
 * meanwhile, and with the alerts as they were judged.
 * @param command shows the run again
 */
export async function replayOf(evidenceFolder: string, input: ReportInput, command: string): Promise<Replay> {
  using store = await EvidenceStore.open(evidenceFolder);
  await verifyManifest(store);
  const told = (await readObservations(evidenceFolder, [])).filter(({ kind }) => !countedMeanwhile.has(kind));
  const probes = probesBySecond(await readProbes(store));
  const { facts, plan } = input;
  const hasCalls = await readSamples(store);
  if (hasCalls) await makeCalls(store, facts.timeline, plan);
  const isKept = hasCalls && (await keepCallsOfRun(store, facts));
  const paths = pathsTaken(plan.checkoutShare);
  const seconds = isKept ? await progressBySecond(store, paths) : [];
  const { startedAtMs } = facts.run;
  const observations = [...told, ...probes, ...seconds]
    .filter(({ atMs }) => Math.abs(atMs - startedAtMs) <= longestMs)
    .sort((a, b) => a.atMs - b.atMs);
  const startMs = observations[0]?.atMs ?? startedAtMs;
  const feed = new Feed(plan, startMs);
  const live = observations.flatMap((observation) => feed.take(observation)).filter(({ kind }) => kind !== 'alert');
  const events = [...live, ...judgedAlerts(facts), ...ticksOf(facts)].sort((a, b) => a.atMs - b.atMs);
  const endMs = Math.max(startMs, ...[events.at(-1)?.atMs ?? startMs]);
  return {
    events: [feed.begin, ...events, verdictEvent(input, command, endMs)],
    fine: isKept ? await fineOf(store, paths) : { fromMs: startMs, binMs: binsMs[0] as number, paths: [] },
  };
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

/** By the second in which they ended, as they became known. */
async function progressBySecond(store: EvidenceStore, paths: LatencyPath[]): Promise<Observation[]> {
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
      dropped: 0,
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
function probesBySecond({ lanes }: Awaited<ReturnType<typeof readProbes>>): Observation[] {
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

const judgedAlerts = ({ budgets }: Facts): WatchEvent[] =>
  (budgets ?? []).flatMap(({ path, alerts }) =>
    alerts.flatMap(({ firedAtMs, severity, burnRate, longMs }) =>
      firedAtMs === null ? [] : [{ kind: 'alert' as const, atMs: firedAtMs, path, severity, burnRate, longMs }],
    ),
  );

const ticksOf = ({ runbook }: Facts): WatchEvent[] =>
  (runbook?.steps ?? []).flatMap(({ id, doneAt, by }) =>
    doneAt === null || by === null ? [] : [{ kind: 'tick' as const, atMs: Date.parse(doneAt), step: id, by }],
  );

async function fineOf(store: EvidenceStore, paths: LatencyPath[]): Promise<Fine> {
  const [span] = await store.rows('SELECT min(start_us)::DOUBLE AS from_us, max(start_us)::DOUBLE AS to_us FROM shown');
  const fromMs = Math.floor(Number(span?.from_us) / 1_000_000) * 1_000;
  const lengthMs = Number(span?.to_us) / 1_000 - fromMs;
  const binMs = binsMs.find((each) => lengthMs / each <= mostBins) ?? (binsMs.at(-1) as number);
  const count = Math.floor(lengthMs / binMs) + 1;
  const rows = await store.rows(`SELECT path, ((start_us - ${fromMs * 1_000}) // ${binMs * 1_000})::DOUBLE AS bin,
      count(*)::DOUBLE AS calls, count(*) FILTER (failed)::DOUBLE AS failed, max(wall_us)::DOUBLE AS slowest_us
    FROM shown GROUP BY ALL`);
  const empty = { calls: new Array<number>(count).fill(0), failed: new Array<number>(count).fill(0) };
  const fine = paths.map((path) => ({
    path,
    calls: [...empty.calls],
    failed: [...empty.failed],
    slowestMs: new Array<number | null>(count).fill(null),
  }));
  for (const row of rows) {
    const of = fine.find(({ path }) => path === row.path);
    const bin = Number(row.bin);
    if (!of) continue;
    of.calls[bin] = Number(row.calls);
    of.failed[bin] = Number(row.failed);
    of.slowestMs[bin] = Math.round(Number(row.slowest_us) / 100) / 10;
  }
  return { fromMs, binMs, paths: fine };
}
