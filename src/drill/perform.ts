import { join } from 'node:path';
import type { K6 } from '../load/find-k6.ts';
import { runK6 } from '../load/run-k6.ts';
import type { Drill } from '../model/drill.ts';
import { cannotTell, invalid } from '../model/errors.ts';
import { type Emit, evidenceFiles } from '../model/evidence.ts';
import type { ActiveFault, WillChange } from '../model/fault.ts';
import type { Plan } from '../model/plan.ts';
import type { Platform, Target } from '../model/target.ts';
import type { Environment } from '../model/verdict.ts';
import { loadSpec } from '../plan/make-plan.ts';
import { lanesOf } from '../probe/lanes.ts';
import { startSentinel } from '../probe/start-sentinel.ts';
import { nowMs } from '../runtime/clock.ts';
import { hostMeter } from '../runtime/host.ts';
import { liveCsv, writeOrders } from './evidence.ts';
import { type FollowedLoad, followLoad } from './follow-load.ts';
import { steadyStateWatch } from './steady-state.ts';
import { stepsTo } from './steps.ts';

export interface Performance {
  drill: Drill;
  plan: Plan;
  target: Target;
  runId: string;
  evidenceFolder: string;
  k6: K6;
  /** The traffic script that k6 runs. */
  script: string;
  keep: boolean;
  willChange: WillChange;
  emit: Emit;
  environmentOf: (platform: Platform) => Promise<Environment>;
  signal: AbortSignal;
  onProgress: (message: string) => void;
}

const probeTimeoutMs = 2_000;

/** Carries a drill out, from standing the platform up to tearing it down. Throws what kept it from its end. */
export async function perform(p: Performance): Promise<void> {
  const { drill, emit, runId, plan } = p;
  const step = stepsTo(emit);
  const startedAtMs = nowMs();
  const sentinelDied = new AbortController();
  const signal = AbortSignal.any([p.signal, sentinelDied.signal]);

  await using platform = await step('stand up the platform', () =>
    p.target.standUp({
      runId,
      without: plan.without,
      keep: p.keep,
      willChange: p.willChange,
      signal,
      progress: p.onProgress,
    }),
  );
  emit({ kind: 'environment', atMs: nowMs(), environment: await p.environmentOf(platform) });
  const problems = await drill.fault.check(platform);
  if (problems.length > 0) throw invalid(problems, 'see what is up: npm run platform -- status');
  using _host = watchHost(emit);
  {
    await using probes = await watchShop(p, platform, sentinelDied);
    await step('steady state', () => probes.steady(signal));
    const shop = { runId, baseUrl: platform.baseUrl, tenants: platform.tenants };
    const spec = loadSpec(plan, shop);
    await using k6 = runK6(p.k6, p.script, spec, liveCsv(p.evidenceFolder));
    const generator = { version: p.k6.version, availableVus: spec.browseVus + spec.buyVus };
    const load = followLoad(k6, generator, liveCsv(p.evidenceFolder), plan, emit, signal);
    await step('traffic', () => strikeAtPeak(p, platform, load, signal));
  }
  await step('collect', () => collect(p, platform, startedAtMs));
}

/** Waits for the proven peak, injects, proves that it bit, keeps the load on to its end, and undoes. */
async function strikeAtPeak(
  p: Performance,
  platform: Platform,
  load: FollowedLoad,
  signal: AbortSignal,
): Promise<void> {
  const { kind: fault, inject } = p.drill.fault;
  const peak = await load.faultDue;
  if (!peak.peakProven) {
    const message = `the peak was not proven, so nothing was injected: ${peak.reason}`;
    p.emit({ kind: 'problem', atMs: nowMs(), about: 'load', message });
    return await load.ended;
  }
  p.emit({ kind: 'fault', atMs: nowMs(), fault, state: 'injecting' });
  const active = await inject({ platform, willChange: p.willChange, signal });
  await using _undo = undoing(active, fault, p.emit);
  p.emit({ kind: 'fault', atMs: active.injectedAtMs, fault, state: 'injected' });
  const { provenAtMs, proof } = await active.prove();
  const state = provenAtMs === null ? 'not-proven' : 'proven';
  p.emit({ kind: 'fault', atMs: provenAtMs ?? nowMs(), fault, state, detail: proof });
  await load.ended;
}

/** Undoes a fault when the drill leaves it, by whatever way. */
function undoing(active: ActiveFault, fault: string, emit: Emit): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      const { revertedAtMs } = await active.undo();
      emit({ kind: 'fault', atMs: revertedAtMs, fault, state: 'reverted' });
    },
  };
}

/** Starts the sentinel on every lane of the shop. Its death ends the drill: without it nothing could be judged. */
async function watchShop(p: Performance, platform: Platform, died: AbortController) {
  const lanes = lanesOf(platform.baseUrl, await platform.replicas());
  const watch = steadyStateWatch(lanes);
  const output = join(p.evidenceFolder, evidenceFiles.probes);
  const [tenant = ''] = platform.tenants;
  const spec = { lanes, tenant, timeoutMs: probeTimeoutMs, output };
  const sentinel = startSentinel(spec, watch.onTick);
  void sentinel.ended.then(({ exitCode, message }) => {
    if (exitCode !== 0) died.abort(cannotTell(`the sentinel died (exit code ${exitCode}): ${message}`));
  });
  return { steady: watch.held, [Symbol.asyncDispose]: () => sentinel[Symbol.asyncDispose]() };
}

/** What only the platform can tell, once the load has ended: its own account, and the orders it holds. */
async function collect(p: Performance, platform: Platform, sinceMs: number): Promise<void> {
  for (const event of await platform.events(sinceMs)) p.emit({ kind: 'platform-event', ...event });
  await writeOrders(p.evidenceFolder, await platform.readOrders(`${p.runId}-`));
}

function watchHost(emit: Emit): Disposable {
  const meter = hostMeter();
  const timer = setInterval(() => emit({ kind: 'host', atMs: nowMs(), ...meter() }), 1_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
