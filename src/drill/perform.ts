import { join } from 'node:path';
import type { K6 } from '../load/find-k6.ts';
import type { Drill } from '../model/drill.ts';
import { cannotTell, invalid, Stopped } from '../model/errors.ts';
import { type Emit, evidenceFiles } from '../model/evidence.ts';
import type { Cluster, Orders } from '../model/facets.ts';
import { type FaultContext, type PickedFault, usualFaultLimits, type WillChange } from '../model/fault.ts';
import type { SentinelTick } from '../model/lane.ts';
import type { Family } from '../model/load-spec.ts';
import { heldOnMs, type Plan } from '../model/plan.ts';
import type { Platform } from '../model/platform.ts';
import { type ReadCondition, unreadableMs } from '../model/stop.ts';
import type { Target } from '../model/target.ts';
import type { Environment } from '../model/verdict.ts';
import { drainMs, longestMs } from '../plan/schedule.ts';
import { lanesOf } from '../probe/lanes.ts';
import { nowMs } from '../runtime/clock.ts';
import { readNumber } from '../runtime/read-number.ts';
import { familyOf } from '../runtime/way.ts';
import { readSettled, writeOrders } from './evidence.ts';
import { untilLoadEnds } from './follow-load.ts';
import { healthyOrDirty } from './healthy.ts';
import type { Instruments } from './instruments.ts';
import { steadyStateWatch, untilMeasured } from './steady-state.ts';
import { type StepLimits, stepsTo } from './steps.ts';
import { watchStops } from './stop-watch.ts';
import { holdsAlready, strikeAtPeak } from './strike.ts';
import { watchCapacity } from './watch-capacity.ts';
import { type HostWatch, watchHost } from './watch-host.ts';
import { watchPools } from './watch-pools.ts';

export interface DrillRun {
  drill: Drill;
  /** The drill's fault, done the way that the plan has picked; null: nothing is injected. */
  fault: PickedFault | null;
  plan: Plan;
  target: Target;
  runId: string;
  runFolder: string;
  evidenceFolder: string;
  k6: K6;
  /** The traffic script that k6 runs. */
  script: string;
  keep: boolean;
  instruments: Instruments;
  limits?: StepLimits | undefined;
  /** The folder that a user's commands run in, and the variables whose values are never shown. */
  cwd: string;
  secrets: readonly string[];
  willChange: WillChange;
  emit: Emit;
  environmentOf: (platform: Platform) => Promise<Environment>;
  signal: AbortSignal;
  onProgress: (message: string) => void;
}

const probeTimeoutMs = 2_000;
/** A sentinel in a pod has to be scheduled, and its image to be pulled. */
const sentinelPodMs = 120_000;
/** So have pods with k6; then their clocks are measured, and all are told when to start. */
const loadPodsMs = 150_000;

/** Carries out a drill, from standing the platform up to tearing it down. Throws what kept it from its end. */
export async function perform(run: DrillRun): Promise<void> {
  const { drill, fault, runId, plan } = run;
  const { emit, isStruck } = notingStrike(run.emit);
  const startedAtMs = nowMs();
  const sentinelDied = new AbortController();
  const signal = AbortSignal.any([run.signal, sentinelDied.signal]);
  const step = stepsTo(emit, signal, run.limits);

  await using platform = await step(
    'stand up the platform',
    (signal) =>
      run.target.standUp({
        runId,
        without: plan.without,
        // A shop that is judged by how it scales has to start small.
        scaledOut: drill.objectives.autoscaling === undefined,
        keep: run.keep,
        willChange: run.willChange,
        signal,
        progress: run.onProgress,
      }),
    { late: (late) => late[Symbol.asyncDispose](), plannedMs: run.target.standUpMs ?? 0 },
  );
  emit({ kind: 'environment', atMs: nowMs(), environment: await run.environmentOf(platform) });
  const healthy = () => step('platform healthy', (signal) => healthyOrDirty(platform, signal));
  if (platform.kept) await healthy();
  const context = {
    platform,
    target: run.target.name,
    runId,
    willChange: run.willChange,
    signal,
    atMostMs: plan.profile.afterFaultMs + (plan.profile.holdOnTimes ?? 0) * heldOnMs(plan, 'recovered') + drainMs,
    ...(run.target.timeScale !== undefined && { timeScale: run.target.timeScale }),
  };
  if (fault) await step('check the fault', (signal) => refuseFault(fault, { ...context, signal }));
  const calmHost = run.instruments.calmHostWatch();
  using host = watchHost((look) => {
    calmHost.onLook(look);
    emit(look);
  }, platform.pid);
  const family = await familyOf(platform.shop.baseUrl);
  {
    await using _probes = await step(
      'steady state',
      (signal) => watchFromSteady({ ...run, emit }, platform, family, { died: sentinelDied, isStruck }, signal),
      {
        late: (late) => late[Symbol.asyncDispose](),
        plannedMs: plan.sentinel ? sentinelPodMs : 0,
      },
    );
    await calmHost.held(emit, run.onProgress, signal);
    await step('traffic', (signal) => underLoad({ ...run, emit }, { ...context, signal }, family, host), {
      plannedMs: longestMs(plan) + (plan.loadFrom === 'cluster' ? loadPodsMs : 0),
      undoMs: fault ? (fault.way.limits ?? usualFaultLimits).undoMs : 0,
    });
  }
  await step('collect', () => collect(run, platform, startedAtMs));
  if (platform.kept) await healthy();
  // A Ctrl-C as late as this still counts.
  signal.throwIfAborted();
}

/** Passes observations on, and knows from them whether something was broken. */
function notingStrike(emit: Emit): { emit: Emit; isStruck: () => boolean } {
  let isStruck = false;
  return {
    emit: (one) => {
      isStruck ||= one.kind === 'fault';
      emit(one);
    },
    isStruck: () => isStruck,
  };
}

/** @throws TenfoldError (invalid) with what keeps the fault from being injected on this platform. */
async function refuseFault({ kind, way }: PickedFault, context: FaultContext): Promise<void> {
  const problems = await way.check(context);
  const before = problems.length === 0 ? await way.holdsAlready?.(context) : undefined;
  if (before !== undefined) problems.push(holdsAlready(kind, before));
  if (problems.length > 0) throw invalid(problems, 'see what is up: npm run platform -- status');
}

/** Runs the load to its end, and strikes at its peak; stop conditions are checked all the while. */
async function underLoad(run: DrillRun, context: FaultContext, family: Family, host: HostWatch): Promise<void> {
  const { fault, plan, emit, onProgress } = run;
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  const read = ({ read }: ReadCondition, whileOn: AbortSignal) =>
    readNumber(read, { cwd: run.cwd, secrets: run.secrets, timeoutMs: unreadableMs, signal: whileOn });
  using stops = watchStops(plan, read, (because) => {
    emit({ kind: 'stop', atMs: nowMs(), because });
    stopping.abort(new Stopped('stopped', `a stop condition was met: ${because}`));
  });
  const { cluster, pools } = context.platform;
  using _capacity = cluster && watchCapacity(cluster, emit);
  using _pools = pools && plan.profile.steps && watchPools(pools, emit);
  const struckBy = { ...context, signal };
  await using load = await run.instruments.startLoad(run, struckBy, {
    family,
    host,
    onCalls: stops.take,
    onPeak: stops.peakBegan,
  });
  if (plan.profile.steps) return await untilLoadEnds(load, signal);
  await strikeAtPeak({ fault, context: struckBy, load, emit, onProgress });
}

/** What the end of the sentinel means. */
interface Watching {
  /** Ends the drill. */
  died: AbortController;
  isStruck: () => boolean;
}

/** Starts to watch the shop, and returns once all of its lanes are steady. */
async function watchFromSteady(
  run: DrillRun,
  platform: Platform,
  family: Family,
  watching: Watching,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const probes = stack.use(await watchShop(run, platform, family, watching, signal));
  await probes.steady(signal);
  if (run.drill.objectives.autoscaling && platform.cluster) await untilMeasured(platform.cluster, signal);
  return stack.move();
}

/**
 * Starts the sentinel on every lane of the shop. Its death ends the drill, as nothing could be judged without it; unless its pod was lost
 * when something had been broken, which may have hit it too: what k6 saw still counts then.
 */
async function watchShop(
  run: DrillRun,
  platform: Platform,
  family: Family,
  { died, isStruck }: Watching,
  signal: AbortSignal,
) {
  const { shop, replicas } = platform;
  const lanes = lanesOf(shop.baseUrl, (await replicas?.list()) ?? [], shop.probes);
  const atReplicas = lanes.filter(({ via }) => via === 'replica');
  run.emit({
    kind: 'lanes',
    atMs: nowMs(),
    lanes: lanes.map(({ lane }) => lane),
    replicas: atReplicas.map(({ lane, replica, zone }) => ({ lane, replica, zone })),
  });
  const watch = steadyStateWatch(lanes);
  const output = join(run.evidenceFolder, evidenceFiles.probes);
  const [tenant = ''] = shop.tenants;
  const spec = { lanes, tenant, family, timeoutMs: probeTimeoutMs, output };
  const tellUnsent = tellsUnsent(run.emit);
  const sentinel = await run.instruments.startSentinel(run, platform, spec, signal, (tick) => {
    watch.onTick(tick);
    run.emit({ kind: 'probes', atMs: tick.atMs, lanes: tick.lanes });
    tellUnsent(tick);
    for (const [of, servedMs] of Object.entries(tick.firstServed)) {
      // By the clock of a pod it is what was told, and known here once that arrives.
      const when = run.plan.sentinel ? { atMs: nowMs(), toldMs: servedMs } : { atMs: servedMs, toldMs: null };
      run.emit({ kind: 'sighting', step: 'served', of, node: null, source: 'probe', ...when });
    }
  });
  let isAsked = false;
  void sentinel.ended.then(({ exitCode, message, podLost = false }) => {
    if (isAsked || (podLost && isStruck())) return;
    died.abort(cannotTell(`the sentinel died (exit code ${exitCode}): ${message || 'it said nothing'}`));
  });
  return {
    steady: watch.held,
    async [Symbol.asyncDispose]() {
      isAsked = true;
      await sentinel[Symbol.asyncDispose]();
    },
  };
}

/** Reports, once per cause, that probes never left this machine: how the shop fared then is unknown. */
function tellsUnsent(emit: Emit): (tick: SentinelTick) => void {
  const told = new Set<string>();
  return ({ atMs, unsent }) => {
    for (const cause of Object.keys(unsent)) {
      if (told.has(cause)) continue;
      told.add(cause);
      emit({
        kind: 'problem',
        atMs,
        about: 'recovery',
        message: `probes could not be sent from the sentinel's machine: ${cause}`,
      });
    }
  };
}

/** What only the platform can tell, once the load has ended: its own account, and the orders it holds. */
async function collect(run: DrillRun, { cluster, orders }: Platform, sinceMs: number): Promise<void> {
  if (cluster) await collectAccount(run, cluster, sinceMs);
  if (orders) await readBack(run, orders, sinceMs);
}

async function collectAccount({ emit }: DrillRun, cluster: Cluster, sinceMs: number): Promise<void> {
  for (const event of await cluster.events(sinceMs)) emit({ kind: 'platform-event', ...event });
  for (const sighting of (await cluster.sightings?.(sinceMs)) ?? []) emit({ kind: 'sighting', ...sighting });
  const ends = await cluster.podEnds(sinceMs);
  for (const end of ends) emit({ kind: 'pod-end', ...end });
  emit({ kind: 'pod-ends-read', atMs: nowMs(), count: ends.length });
}

/** Orders that cannot be read back are unknown; all that was measured before them still stands. */
async function readBack(run: DrillRun, orders: Orders, sinceMs: number): Promise<void> {
  const { runId, evidenceFolder, emit } = run;
  const tell = (message: string) => emit({ kind: 'problem', atMs: nowMs(), about: 'orders', message });
  const found = await readSettled(() => orders.read(`${runId}-`, sinceMs)).catch((error: Error) =>
    tell(`orders could not be read back: ${error.message}`),
  );
  if (!found) return;
  if (!found.settled) tell('orders still came in long after the load had ended, so some may be missing');
  emit({ kind: 'orders-read', atMs: nowMs(), scope: orders.scope });
  await writeOrders(evidenceFolder, found.orders);
}
