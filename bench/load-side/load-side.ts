import { join } from 'node:path';
import { liveCsvs } from '../../src/drill/evidence.ts';
import { followLoad } from '../../src/drill/follow-load.ts';
import { type Listener, Recorder } from '../../src/drill/recorder.ts';
import { watchHost } from '../../src/drill/watch-host.ts';
import type { K6 } from '../../src/load/find-k6.ts';
import { runWorkers } from '../../src/load/run-workers.ts';
import { evidenceFiles } from '../../src/model/evidence.ts';
import type { LoadSpec } from '../../src/model/load-spec.ts';
import type { Plan } from '../../src/model/plan.ts';
import { lanesOf } from '../../src/probe/lanes.ts';
import { startSentinel } from '../../src/probe/start-sentinel.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { rootFolder } from '../../src/runtime/processes.ts';

export const script = join(rootFolder, 'scenarios', 'traffic', 'black-friday.ts');

/** A load at one rate, of a platform that is nothing but a server. */
export const planOf = (rate: number, seconds: number): Plan => ({
  drill: 'bench',
  title: 'Bench',
  target: 'loopback',
  profile: {
    name: 'bench',
    baselineRatePerSecond: rate,
    peakFactor: 1,
    baselineMs: 2_000,
    rampMs: 0,
    peakMs: Math.max(5_000, (seconds - 2) * 500),
    afterFaultMs: Math.max(5_000, (seconds - 2) * 500),
  },
  fault: { kind: 'none', summary: 'none' },
  without: [],
  objectives: { latency: [], recovery: [], errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 1 } },
  peakRatePerSecond: rate,
  loadDurationMs: seconds * 1_000,
  samples: [],
});

interface LoadSide {
  k6: K6;
  plan: Plan;
  spec: LoadSpec;
  specFile: string;
  folder: string;
  serverPid: number | undefined;
  listener: Listener;
}

/** What a drill runs while the load is on. */
export async function runLoadSide(side: LoadSide): Promise<void> {
  const { k6, plan, spec, specFile, folder, serverPid, listener } = side;
  using recorder = new Recorder(folder, listener);
  using host = watchHost(recorder.emit, serverPid ?? null);
  const output = join(folder, evidenceFiles.probes);
  const lanes = lanesOf(spec.baseUrl, []);
  const told = { lanes, tenant: 't', family: 4 as const, timeoutMs: 2_000, output };
  const sentinel = await startSentinel(told, join(folder, 'sentinel.json'), ({ atMs, lanes }) =>
    recorder.emit({ kind: 'probes', atMs, lanes }),
  );
  const csvs = liveCsvs(folder);
  await using running = await runWorkers(k6, { script, spec, specFile, csvPaths: csvs });
  const load = followLoad({
    k6: running,
    generator: { version: k6.version, availableVus: spec.browseVus + spec.buyVus },
    csvPaths: csvs,
    plan,
    emit: recorder.emit,
    signal: new AbortController().signal,
    host,
    onCalls: () => {},
    onPeak: () => {},
  });
  await load.ended;
  await sentinel[Symbol.asyncDispose]();
  recorder.emit({ kind: 'run-finished', atMs: nowMs(), status: 'completed', reason: null });
}
