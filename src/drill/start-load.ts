import { join } from 'node:path';
import type { LiveCall } from '../load/live-calls.ts';
import { runPods } from '../load/run-pods.ts';
import { runWorkers } from '../load/run-workers.ts';
import type { LoadPlace } from '../model/facets.ts';
import type { FaultContext } from '../model/fault.ts';
import type { Family } from '../model/load-spec.ts';
import type { Platform } from '../model/platform.ts';
import { loadSpec } from '../plan/make-plan.ts';
import { looksOf } from '../probe/lanes.ts';
import { liveCsvs } from './evidence.ts';
import { type FollowedLoad, followLoad } from './follow-load.ts';
import type { DrillRun } from './perform.ts';
import { runFiles } from './run-folder.ts';
import type { HostSoFar } from './watch-host.ts';

export interface LoadSurroundings {
  family: Family;
  host: HostSoFar;
  /** Called with the calls that have ended. */
  onCalls: (calls: readonly LiveCall[]) => void;
  onPeak: (atMs: number) => void;
}

/** A running load. Disposing of it ends all of k6. */
export type RunningLoad = FollowedLoad & AsyncDisposable;

/** Starts k6 with the schedule of the plan, and follows it. */
export async function startLoad(
  run: DrillRun,
  { platform, signal }: FaultContext,
  { family, host, onCalls, onPeak }: LoadSurroundings,
): Promise<RunningLoad> {
  const { plan, emit, runId } = run;
  const { baseUrl, tenants, traffic, variables, probes } = platform.shop;
  const looks = looksOf(tenants, probes);
  const spec = loadSpec(plan, { runId, baseUrl, tenants, family, looks, ...(traffic && { requests: traffic }) });
  const csvPaths = liveCsvs(run.evidenceFolder, plan.loadWorkers);
  const order = {
    script: run.script,
    spec,
    specFile: join(run.runFolder, runFiles.load),
    csvPaths,
    ...(variables && { variables }),
  };
  const k6 =
    plan.loadFrom === 'cluster'
      ? await runPods(run.k6, placeOf(platform), {
          ...order,
          runId,
          emit,
          signal,
          willChange: run.willChange,
          progress: run.onProgress,
        })
      : await runWorkers(run.k6, order);
  const generator = { version: run.k6.version, availableVus: spec.browseVus + spec.buyVus };
  return {
    ...followLoad({ k6, generator, csvPaths, plan, emit, signal, host, onCalls, onPeak }),
    [Symbol.asyncDispose]: () => k6[Symbol.asyncDispose](),
  };
}

/** @throws where the platform has none, which its target's capabilities rule out */
function placeOf({ load }: Platform): LoadPlace {
  if (load) return load;
  throw new Error('the platform does not show where load can come from');
}
