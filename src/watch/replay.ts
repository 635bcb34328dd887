import { EvidenceStore } from '../analysis/evidence-store.ts';
import { verifyManifest } from '../analysis/manifest.ts';
import { retell } from '../analysis/retold.ts';
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
  const { facts, plan } = input;
  const { observations, hasCalls } = await retell(store, facts, plan);
  const startMs = observations[0]?.atMs ?? facts.run.startedAtMs;
  const feed = new Feed(plan, startMs);
  const live = observations.flatMap((observation) => feed.take(observation)).filter(({ kind }) => kind !== 'alert');
  const events = [...live, ...judgedAlerts(facts), ...ticksOf(facts)].sort((a, b) => a.atMs - b.atMs);
  const endMs = Math.max(startMs, ...[events.at(-1)?.atMs ?? startMs]);
  return {
    events: [feed.begin, ...events, verdictEvent(input, command, endMs)],
    fine: hasCalls
      ? await fineOf(store, pathsTaken(plan.checkoutShare))
      : { fromMs: startMs, binMs: binsMs[0] as number, paths: [] },
  };
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
