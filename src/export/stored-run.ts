import { join } from 'node:path';
import { EvidenceStore } from '../analysis/evidence-store.ts';
import { tellMissingManifest, verifyManifest } from '../analysis/manifest.ts';
import { type Retold, retell } from '../analysis/retold.ts';
import { invalid } from '../model/errors.ts';
import type { Observation } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Snapshot } from './catalogue.ts';
import { DrillMetrics } from './drill-metrics.ts';
import { alertEvents, type DrillEvent, eventOf, verdictEvent } from './events.ts';

/** A run as it was judged. */
export interface Judged {
  plan: Plan;
  facts: Facts;
  verdict: Verdict;
}

/** A finished run, as exporters need it. */
export interface StoredRun extends Judged, Omit<Retold, 'observations'>, Disposable {
  /** The numbers at each second, and the last with the verdict. */
  snapshots: Snapshot[];
  events: DrillEvent[];
  store: EvidenceStore;
  /** What of the evidence is missing, in words. */
  missing: string[];
}

/** Reads a run from its evidence. @throws TenfoldError (invalid) when the evidence is not what the run left */
export async function readStoredRun(runFolder: string, named: string, judged: Judged): Promise<StoredRun> {
  const { plan, facts, verdict } = judged;
  const store = await EvidenceStore.open(join(runFolder, 'evidence'));
  try {
    await verifyManifest(store);
    tellMissingManifest(store, facts.run.finishedAtMs !== null);
    refuseChanged(store, named);
    const { observations, ...has } = await retell(store, facts, plan);
    const endMs = endOf(facts, observations);
    const ofRun = observations.filter(({ atMs }) => atMs >= facts.run.startedAtMs && atMs <= endMs);
    return {
      ...judged,
      snapshots: snapshotsOf(judged, ofRun, endMs),
      events: [...ofRun.flatMap((o) => eventOf(o) ?? []), ...alertEvents(facts), verdictEvent(verdict, endMs)].sort(
        (a, b) => a.atMs - b.atMs,
      ),
      store,
      ...has,
      missing: store.problems.map(({ message }) => message),
      [Symbol.dispose]: () => store[Symbol.dispose](),
    };
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}

function refuseChanged({ problems }: EvidenceStore, named: string): void {
  if (problems.length === 0) return;
  throw invalid(
    [`the evidence of ${named} is not what the run left:`, ...problems.map(({ message }) => message)],
    'export the run where it is whole, such as where it was run; analyze says what can still be judged',
  );
}

/** The end of the run; where it left no word of it, of the load, or of all that is known. */
const endOf = ({ run, timeline }: Facts, observations: Observation[]): number =>
  run.finishedAtMs ?? timeline.loadEndMs ?? observations.at(-1)?.atMs ?? run.startedAtMs;

function snapshotsOf({ plan, facts, verdict }: Judged, observations: Observation[], endMs: number): Snapshot[] {
  const metrics = new DrillMetrics(plan);
  metrics.begin(facts.run.runId);
  const snapshots: Snapshot[] = [];
  let nextMs = Math.ceil(facts.run.startedAtMs / 1_000) * 1_000;
  const until = (ms: number) => {
    for (; nextMs < ms; nextMs += 1_000) snapshots.push({ atMs: nextMs, samples: metrics.samples(nextMs) });
  };
  for (const observation of observations) {
    until(observation.atMs);
    metrics.take(observation);
  }
  until(endMs);
  metrics.judged(verdict);
  return [...snapshots, { atMs: nextMs, samples: metrics.samples(nextMs) }];
}
