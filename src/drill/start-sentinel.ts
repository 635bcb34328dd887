import { join } from 'node:path';
import { watchClocks } from '../load/watch-clocks.ts';
import { restPort, type SentinelPlace, type SentinelPod } from '../model/facets.ts';
import type { SentinelSpec, SentinelTick } from '../model/lane.ts';
import type { Plan } from '../model/plan.ts';
import type { Platform } from '../model/platform.ts';
import { secretsIn } from '../model/secrets.ts';
import { longestMs, type Scheduled } from '../plan/schedule.ts';
import { PodLogReader } from '../probe/pod-log.ts';
import { ProbeFile } from '../probe/probe-file.ts';
import { type Sentinel, startSentinel as startSentinelHere } from '../probe/start-sentinel.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { writeJson } from '../runtime/files.ts';
import { authorities } from '../runtime/way.ts';
import type { DrillRun } from './perform.ts';
import { runFiles } from './run-folder.ts';

type Spec = SentinelSpec & { output: string };

/** Pulling its image, the steady state and pods with k6 before the load, and after it an undo of some minutes, which it watches too. */
const aroundMs = 1_200_000;
/** Beyond the time-out of its last probes. */
const stopMs = 20_000;
const againMs = 2_000;

/** What of a drill's run it needs. */
interface Watch extends Pick<DrillRun, 'runId' | 'runFolder' | 'willChange' | 'emit' | 'onProgress' | 'signal'> {
  plan: Scheduled & Pick<Plan, 'sentinel'>;
}

/** Starts the sentinel where the plan says; `onTick` is called once a second. Disposing waits for its last probes and its evidence. */
export async function startSentinel(
  run: Watch,
  { sentinel: place }: Pick<Platform, 'sentinel'>,
  spec: Spec,
  signal: AbortSignal,
  onTick: (tick: SentinelTick) => void,
): Promise<Sentinel> {
  const specFile = join(run.runFolder, runFiles.sentinel);
  if (!run.plan.sentinel) return await startSentinelHere(spec, specFile, onTick);
  if (!place) throw new Error('the platform does not show where the sentinel can run');
  await writeJson(specFile, spec);
  return await startInPod(run, { place, zone: run.plan.sentinel.zone }, spec, signal, onTick);
}

/** Its probes and ticks come by the log of its pod, and go where those of a sentinel on this machine would. */
async function startInPod(
  run: Watch,
  { place, zone }: { place: SentinelPlace; zone: string | null },
  spec: Spec,
  signal: AbortSignal,
  onTick: (tick: SentinelTick) => void,
): Promise<Sentinel> {
  const { runId, plan, willChange, emit, onProgress } = run;
  await using stack = new AsyncDisposableStack();
  const file = new ProbeFile(spec.output);
  const log = new PodLogReader((rows) => file.write(rows), onTick);
  const pod = stack.use(
    await place.start({
      runId,
      zone,
      spec: JSON.stringify({ ...spec, output: restPort }),
      authorities: spec.lanes.some(({ baseUrl }) => baseUrl.startsWith('https:'))
        ? authorities().join('\n')
        : undefined,
      secrets: secretsOf(spec),
      atMostMs: longestMs(plan) + aroundMs,
      willChange,
      signal,
      progress: onProgress,
      onLine: (line) => log.take(line),
    }),
  );
  emit({ kind: 'sentinel-pod', atMs: nowMs(), pod: pod.name, node: pod.node, zone: pod.zone });
  stack.use(await watchClocks([pod], emit, run.signal));
  let isAsked = false;
  const ended = pod.ended.then(async ({ exitCode, because }) => {
    // One that is evicted ends in order, and too early all the same.
    const lost = !log.hasEnded || !isAsked;
    const nodeLost = lost ? await pod.nodeLost() : null;
    await file.end();
    const { missing, lastSentMs, words } = log;
    emit({ kind: 'sentinel-pod-end', atMs: nowMs(), pod: pod.name, because, lost, nodeLost, missing, lastSentMs });
    return { exitCode, message: [because, ...words].filter(Boolean).join('\n'), podLost: lost };
  });
  const owned = stack.move();
  return {
    ended,
    async [Symbol.asyncDispose]() {
      isAsked = true;
      await stop(pod, spec.timeoutMs);
      await ended;
      await owned.disposeAsync();
    },
  };
}

function secretsOf(spec: SentinelSpec): Record<string, string> {
  return Object.fromEntries(
    secretsIn(spec).flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/**
 * It is asked to stop rather than killed: what its last probes saw is evidence too, and its log goes with its pod. It is asked again, as the
 * way to it may be broken for a moment.
 */
async function stop({ ask, ended, giveUp }: SentinelPod, timeoutMs: number): Promise<void> {
  const untilMs = nowMs() + timeoutMs + stopMs;
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && nowMs() < untilMs) {
    await ask({ method: 'PATCH', path: '/v1/status' }).catch(() => {});
    await Promise.race([ended, sleepMs(timeoutMs + againMs)]);
  }
  giveUp();
}
