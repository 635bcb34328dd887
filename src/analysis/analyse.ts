import { invalid } from '../model/errors.ts';
import type { Observation } from '../model/evidence.ts';
import type { Facts, SentinelFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { agreementFacts } from './agreements.ts';
import { autoscalingFact } from './autoscaling.ts';
import { budgetFacts } from './budgets.ts';
import { countCalls, makeCalls, readSamples } from './calls.ts';
import { capacityFacts, capacitySamples, podEndsOf } from './capacity.ts';
import { EvidenceStore } from './evidence-store.ts';
import { failoverPhases } from './failover-phases.ts';
import { guarded } from './guarded.ts';
import { hostFacts } from './host.ts';
import { latencyFacts } from './latency.ts';
import { loadFacts, readLateWaits } from './load.ts';
import { tellMissingManifest, verifyManifest } from './manifest.ts';
import { markAt, ofKind, readObservations } from './observations.ts';
import { orderFacts } from './orders.ts';
import { placingFact } from './placing.ts';
import { type Probes, readProbes } from './probes.ts';
import { type CountedPath, readyRecovery } from './ready-counts.ts';
import { recoverLanes, recoveryFacts, takenAway } from './recovery.ts';
import { refusalFact } from './refusal.ts';
import { replacementFacts, unheardFacts } from './replacements.ts';
import { takenSeconds } from './robbed-seconds.ts';
import { faultFacts, runFacts } from './run.ts';
import { runbookFact } from './runbook.ts';
import { byClock, sentinelFact } from './sentinel.ts';
import { series } from './series.ts';
import { sessionFacts } from './sessions.ts';
import { stepFacts } from './steps.ts';
import { timelineOf } from './timeline.ts';

/**
 * Everything measured in a run, from the files in its evidence folder and the limits of its plan. Missing or broken evidence
 * leaves its facts null and is reported in `problems`; the same evidence yields the same facts anywhere.
 * Throws `invalid` only for a folder without a single instant of evidence: there was no run.
 */
export async function analyse(evidenceFolder: string, plan: Plan): Promise<Facts> {
  using store = await EvidenceStore.open(evidenceFolder);
  const { problems } = store;
  await verifyManifest(store);
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
  const sentinel = sentinelFact(observations, injectedAtMs, problems);
  const { recovery, refusal } =
    injectedAtMs === null
      ? noRecovery
      : await guarded(
          store,
          'recovery',
          'recovery',
          () => recover(injectedAtMs, observations, probes, { plan, sentinel, problems }),
          noRecovery,
        );
  const timeline = timelineOf(observations, plan, injectedAtMs);
  tellMissingLanes(observations, probes, problems);
  tellMissingMarks(observations, plan, problems);
  tellMissingLooks(observations, problems);
  tellMissingManifest(store, ofKind(observations, 'run-finished').length > 0);

  const hasCalls = await readSamples(store);
  const lateWaits = hasCalls ? await guarded(store, 'load', "k6's lateness", () => readLateWaits(store), []) : [];
  const host = hostFacts(observations, timeline, plan, probes, lateWaits);
  const robbedSeconds = takenSeconds(host.robbed);
  if (hasCalls) await makeCalls(store, timeline, plan, host.robbed);
  const { disturbedAtMs } = timeline;
  const guard = <T, U>(
    about: Facts['problems'][number]['about'],
    what: string,
    measure: () => T | Promise<T>,
    otherwise: U,
  ) => guarded(store, about, what, measure, otherwise);
  const placing = hasCalls
    ? await guard('orders', 'what shoppers were told', () => placingFact(store, timeline.loadEndMs), null)
    : null;
  // Older runs read back only the run's own orders.
  const scope = ofKind(observations, 'orders-read').at(-1)?.scope ?? 'run';
  return {
    run: runFacts(evidenceFolder, observations, plan, await startedAt(store, observations, probes, hasCalls)),
    timeline,
    load: await loadFacts(store, observations, timeline, plan, hasCalls),
    ...(sentinel && { sentinel }),
    fault,
    latency: hasCalls
      ? await guard('latency', 'latency', () => latencyFacts(store, observations, timeline, plan, robbedSeconds), [])
      : [],
    recovery,
    // Where nothing is ordered and nothing is read back, this is null rather than zero orders.
    placing: plan.readsOrders === false && placing?.attempted === 0 ? null : placing,
    orders:
      plan.readsOrders === false
        ? null
        : await guard('orders', 'orders', () => orderFacts(store, placing !== null, scope), null),
    calls: hasCalls ? await guard('load', 'failed calls', () => countCalls(store, plan), []) : [],
    refusal,
    sessions:
      hasCalls && disturbedAtMs !== null
        ? await guard('load', 'sessions', () => sessionFacts(store, disturbedAtMs), null)
        : null,
    capacity: await guard('capacity', 'capacity', () => capacityFacts(observations, timeline), null),
    replacements: await guard('capacity', 'replacements', () => replacementFacts(observations, timeline), null),
    unheard: unheardFacts(observations),
    autoscaling: await guard(
      'capacity',
      'autoscaling',
      () => autoscalingFact(capacitySamples(observations), timeline),
      null,
    ),
    agreement: hasCalls
      ? await guard(
          'load',
          'how far k6 and the sentinel agree',
          () => agreementFacts(store, probes.lanes, timeline),
          [],
        )
      : [],
    budgets: hasCalls
      ? await guard('load', 'error budgets', () => budgetFacts(store, plan, timeline.loadEndMs), null)
      : null,
    host,
    ...(plan.profile.steps && {
      steps: hasCalls
        ? await guard(
            'load',
            'the steps of the load',
            () => stepFacts(store, observations, probes.lanes, plan, host),
            [],
          )
        : [],
    }),
    series: hasCalls ? await guard('load', 'the course of the load', () => series(store, timeline), []) : [],
    platformEvents,
    runbook: await runbookFact(evidenceFolder, plan),
    problems,
  };
}

const noRecovery: Pick<Facts, 'recovery' | 'refusal'> = { recovery: [], refusal: null };

function recover(
  injectedAtMs: number,
  observations: Observation[],
  probes: Probes,
  { plan, sentinel, problems }: { plan: Plan; sentinel: SentinelFact | undefined; problems: Facts['problems'] },
): Pick<Facts, 'recovery' | 'refusal'> {
  const loadEndMs = markAt(observations, 'load-end');
  const lanes = recoverLanes(probes.lanes, injectedAtMs, loadEndMs, plan);
  const podEnds = podEndsOf(observations, loadEndMs);
  const stayed = lanes.filter(({ lane }) => takenAway(podEnds, lane.replica) === null);
  const stretches = failoverPhases(ofKind(observations, 'platform-event'), stayed, injectedAtMs);
  const probed = recoveryFacts(lanes, probes, podEnds, problems).map((fact) =>
    fact.path === 'write' ? { ...fact, phases: stretches } : fact,
  );
  const timed = sentinel ? probed.map((fact) => byClock(fact, sentinel.clockOffMs)) : probed;
  const counted = (['pods', 'nodes'] satisfies CountedPath[])
    .map((path) => readyRecovery(path, capacitySamples(observations), injectedAtMs, loadEndMs))
    .filter((fact) => fact !== null);
  return { recovery: [...timed, ...counted], refusal: refusalFact(lanes, probed, injectedAtMs) };
}

/** A lane that left nothing would make its path look as good as the others. Older runs do not say which lanes there were. */
function tellMissingLanes(observations: Observation[], probes: Probes, problems: Facts['problems']): void {
  const seen = new Set(probes.lanes.map(({ lane }) => lane));
  const missing = ofKind(observations, 'lanes').flatMap(({ lanes }) => lanes.filter((lane) => !seen.has(lane)));
  if (seen.size > 0 && missing.length > 0)
    problems.push({ about: 'recovery', message: `no probe is left of ${missing.join(', ')}` });
}

/** A run that was cut short lacks marks and says why; one that completed has to have them. */
function tellMissingMarks(observations: Observation[], plan: Plan, problems: Facts['problems']): void {
  if (ofKind(observations, 'run-finished').at(-1)?.status !== 'completed') return;
  const back = plan.fault === null ? (['back-start'] as const) : [];
  // A load in steps ends where something gives way.
  const up = plan.profile.steps ? [] : (['ramp-start', 'peak-start', ...back] as const);
  const needed = ['baseline-start', ...up, 'load-end'] as const;
  const missing = needed.filter((mark) => markAt(observations, mark) === null);
  if (missing.length > 0)
    problems.push({ about: 'load', message: `the traffic schedule left no mark of ${missing.join(', ')}` });
}

/** Missing observations that would have shown a doubt or a broken promise: their silence is no good news. */
function tellMissingLooks(observations: Observation[], problems: Facts['problems']): void {
  const hasCompleted = ofKind(observations, 'run-finished').at(-1)?.status === 'completed';
  if (hasCompleted && ofKind(observations, 'host').length === 0)
    problems.push({ about: 'host', message: 'nothing tells how the host fared, and whether its clock was stepped' });
  const [ended, told] = [
    ofKind(observations, 'pod-ends-read').at(-1)?.count ?? 0,
    ofKind(observations, 'pod-end').length,
  ];
  if (told < ended)
    problems.push({ about: 'capacity', message: `pods that ended: ${ended}, of which the evidence tells ${told}` });
}

/** When the run started; if its observations are lost, when its first call or probe did. */
async function startedAt(
  store: EvidenceStore,
  observations: Observation[],
  probes: Probes,
  hasCalls: boolean,
): Promise<number> {
  if (observations[0] !== undefined) return observations[0].atMs;
  const firstUs = probes.lanes.flatMap(({ intendedUs }) => intendedUs.slice(0, 1));
  if (hasCalls)
    firstUs.push(...(await store.rows('SELECT min(start_us)::DOUBLE AS us FROM calls')).map(({ us }) => Number(us)));
  const startedAtMs = Math.min(...firstUs) / 1000;
  if (Number.isFinite(startedAtMs)) return startedAtMs;
  throw invalid(`there is no evidence in ${store.folder}`, 'Give the folder of a run: reports/<drill>/<run-id>');
}
