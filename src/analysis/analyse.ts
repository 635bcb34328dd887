import { invalid } from '../model/errors.ts';
import type { Observation } from '../model/evidence.ts';
import type { Facts, RecoveryFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { countEvents, makeCalls, readSamples } from './calls.ts';
import { EvidenceStore } from './evidence-store.ts';
import { failoverPhases } from './failover-phases.ts';
import { hostFacts } from './host.ts';
import { latencyFacts } from './latency.ts';
import { loadFacts } from './load.ts';
import { verifyManifest } from './manifest.ts';
import { markAt, ofKind, readObservations } from './observations.ts';
import { orderFacts } from './orders.ts';
import { type Probes, readProbes } from './probes.ts';
import { recoverLanes, recoveryFacts } from './recovery.ts';
import { faultFacts, runFacts } from './run.ts';
import { series } from './series.ts';
import { timelineOf } from './timeline.ts';

/**
 * Everything measured in a run, from the files in its evidence folder and the limits of its plan. Missing or broken evidence
 * leaves its facts null and is told in `problems`; the same evidence gives the same facts anywhere.
 * Throws `invalid` only for a folder without a single instant of evidence: there was no run.
 */
export async function analyse(evidenceFolder: string, plan: Plan): Promise<Facts> {
  using store = await EvidenceStore.open(evidenceFolder);
  const { problems } = store;
  await verifyManifest(evidenceFolder, problems);
  const observations = await readObservations(evidenceFolder, problems);
  problems.push(...ofKind(observations, 'problem').map(({ about, message }) => ({ about, message })));

  const probes = await readProbes(store);
  const fault = faultFacts(observations);
  const platformEvents = ofKind(observations, 'platform-event').map(({ atMs, source, message }) => ({
    atMs,
    source,
    message,
  }));
  const injectedAtMs = fault?.injectedAtMs ?? null;
  const recovery = injectedAtMs === null ? [] : recover(injectedAtMs, observations, probes, plan, problems);
  const timeline = timelineOf(observations, injectedAtMs, recovery);
  tellMissingMarks(observations, problems);

  const hasCalls = await readSamples(store);
  if (hasCalls) await makeCalls(store, timeline, plan);
  return {
    run: runFacts(evidenceFolder, observations, plan, await startedAt(store, observations, probes, hasCalls)),
    timeline,
    load: await loadFacts(store, observations, timeline, hasCalls),
    fault,
    latency: hasCalls ? await latencyFacts(store, plan) : [],
    recovery,
    orders: await orderFacts(store, hasCalls),
    events: hasCalls ? await countEvents(store) : null,
    host: hostFacts(observations, timeline, plan, probes.latenessP99Ms),
    series: hasCalls ? await series(store, timeline) : [],
    platformEvents,
    problems,
  };
}

function recover(
  injectedAtMs: number,
  observations: Observation[],
  probes: Probes,
  plan: Plan,
  problems: Facts['problems'],
): RecoveryFact[] {
  const lanes = recoverLanes(probes.lanes, injectedAtMs, markAt(observations, 'load-end'), plan);
  const stretches = failoverPhases(ofKind(observations, 'platform-event'), lanes, injectedAtMs);
  return recoveryFacts(lanes, probes, problems).map((fact) =>
    fact.path === 'write' ? { ...fact, phases: stretches } : fact,
  );
}

/** A run that was cut short lacks marks and says why; one that completed has to have them. */
function tellMissingMarks(observations: Observation[], problems: Facts['problems']): void {
  if (ofKind(observations, 'run-finished').at(-1)?.status !== 'completed') return;
  const missing = (['baseline-start', 'peak-start', 'load-end'] as const).filter(
    (mark) => markAt(observations, mark) === null,
  );
  if (missing.length > 0)
    problems.push({ about: 'load', message: `the traffic schedule left no mark of ${missing.join(', ')}` });
}

/** When the run started; where its observations are lost, when its first call or probe did. */
async function startedAt(
  store: EvidenceStore,
  observations: Observation[],
  probes: Probes,
  hasCalls: boolean,
): Promise<number> {
  const firstUs = probes.lanes.flatMap(({ intendedUs }) => intendedUs.slice(0, 1));
  if (hasCalls)
    firstUs.push(...(await store.rows('SELECT min(start_us)::DOUBLE AS us FROM calls')).map(({ us }) => Number(us)));
  const startedAtMs = observations[0]?.atMs ?? Math.min(...firstUs) / 1000;
  if (Number.isFinite(startedAtMs)) return startedAtMs;
  throw invalid(`there is no evidence in ${store.folder}`, 'Give the folder of a run: reports/<drill>/<run-id>');
}
