import type { Emit, Observation } from '../model/evidence.ts';
import {
  type LoadOrder,
  type LoadPlace,
  type LoadPod,
  type LoadPodEnd,
  type LoadPods,
  restPort,
} from '../model/facets.ts';
import type { LoadSpec } from '../model/load-spec.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { writeJson } from '../runtime/files.ts';
import { authorities } from '../runtime/way.ts';
import { bundleScript } from './bundle-script.ts';
import type { K6 } from './find-k6.ts';
import { k6Environment } from './k6-environment.ts';
import type { K6End, RunningK6 } from './run-k6.ts';
import { runOptions, sampleSettings } from './run-options.ts';
import type { LoadRun } from './run-workers.ts';
import { Runner } from './runner.ts';
import { segmentOf } from './segments.ts';
import { sizeOfRunner } from './size-runners.ts';
import { watchClocks } from './watch-clocks.ts';

/** Longer than all pods take to be told, and to have asked the shop what they ask before. */
const readyMs = (pods: number): number => 3_000 + 20 * pods;
/** Pulling images and starting before the load, and what is in flight after it. */
const aroundMs = 600_000;
/** Later than this a runner's share of the load is not where the schedule has it. */
const mostLateMs = 250;
/** k6 writes down what is left and ends. */
const stopMs = 20_000;

export interface PodsRun extends LoadRun, Pick<LoadOrder, 'runId' | 'willChange' | 'signal' | 'progress'> {
  emit: Emit;
}

/**
 * Runs a schedule in as many pods of a cluster as there are files to write to, as if they were one k6: each has its execution segment,
 * and they start at the same millisecond of their clocks, whose distance from ours is measured. What they write comes by their logs.
 * A pod that is lost ends nothing: what it should have sent is told, and the others go on.
 */
export async function runPods(k6: K6, place: LoadPlace, run: PodsRun): Promise<RunningK6> {
  const { spec, specFile, csvPaths, script, emit, variables = [] } = run;
  const count = csvPaths.length;
  await using stack = new AsyncDisposableStack();
  const startLineUrl = `http://127.0.0.1:${restPort}/v1/setup`;
  const told: LoadSpec = { ...spec, workers: { count, startLineUrl, numbersSamples: true } };
  await writeJson(specFile, told);
  const archive = await bundleScript(k6, { script, specFile });
  const secrets = secretsOf(variables);
  const runners = csvPaths.map((path) => stack.use(new Runner(path, Object.values(secrets))));
  const size = sizeOfRunner(spec, count);
  const started = stack.use(
    await place.start({
      ...run,
      archive,
      authorities: spec.baseUrl.startsWith('https:') ? authorities().join('\n') : undefined,
      args: [...runOptions, '--out', 'csv=-'],
      argsOfEach: csvPaths.map((_, index) => segmentOf({ index, count })),
      // Whoever resumes them may do it long before they are told when to start.
      environment: { ...sampleSettings, ...heapSettings(size.memoryMiB), K6_SETUP_TIMEOUT: '10m' },
      secrets,
      size,
      atMostMs: spec.stages.reduce((sum, { durationMs }) => sum + durationMs, 0) + aroundMs,
      onLine: (index, line) => runners[index]?.take(line),
    }),
  );
  for (const { name, node, zone } of started.pods) emit({ kind: 'load-pod', atMs: nowMs(), pod: name, node, zone });
  stack.use(await watchClocks(started.pods, emit, run.signal));
  await startTogether(started.pods);
  const owned = stack.move();
  return {
    ...follow(started, runners, emit),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What the script reads of the environment. */
function secretsOf(variables: readonly string[]): Record<string, string> {
  const all = k6Environment(variables);
  return Object.fromEntries(variables.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** As on this machine: garbage is collected at the limit, and not before. */
const heapSettings = (memoryMiB: number) => ({ GOGC: 'off', GOMEMLIMIT: `${Math.floor(memoryMiB * 0.75)}MiB` });

const status = (attributes: object) =>
  ({
    method: 'PATCH',
    path: '/v1/status',
    body: JSON.stringify({ data: { type: 'status', id: 'default', attributes } }),
  }) as const;

/** Whoever made the pods may have done it already: k6 says no to a second time. */
async function resume({ ask }: LoadPod): Promise<void> {
  const isPaused = async () => {
    const { text } = await ask({ method: 'GET', path: '/v1/status' });
    return (JSON.parse(text) as StatusAnswer).data.attributes.paused;
  };
  if (!(await isPaused())) return;
  await ask(status({ paused: false })).catch(async (error: unknown) => {
    if (await isPaused()) throw error;
  });
}

interface StatusAnswer {
  data: { attributes: { paused: boolean } };
}

/** Each asks the shop what it asks before, and then waits for the instant that all are told. */
async function startTogether(pods: readonly LoadPod[]): Promise<void> {
  await Promise.all(pods.map(resume));
  const startMs = Math.round(nowMs()) + readyMs(pods.length);
  await Promise.all(pods.map(({ ask }) => ask({ method: 'PUT', path: '/v1/setup', body: String(startMs) })));
}

/** k6's own exit codes for what was stopped, by its API and by a signal. */
const stoppedExitCodes = [103, 105];

function follow({ pods }: LoadPods, runners: readonly Runner[], emit: Emit): Pick<RunningK6, 'ended' | 'stop'> {
  let isStopping = false;
  const ends = pods.map((pod, index) => endOfPod(pod, runners[index] as Runner, () => isStopping, emit));
  const { promise: failed, resolve: fails } = Promise.withResolvers<K6End>();
  // Before the schedule, what one cannot do is what the load cannot do.
  for (const end of ends) void end.then((how) => how.lost && !how.hasBegun && fails(endOf([how])));
  return {
    ended: Promise.race([failed, Promise.all(ends).then(endOf)]),
    async stop() {
      if (isStopping) return;
      isStopping = true;
      await Promise.all(pods.map(({ ask }) => ask(status({ stopped: true })).catch(() => {})));
      await Promise.race([Promise.all(ends), sleepMs(stopMs)]);
      for (const { giveUp } of pods) giveUp();
    },
  };
}

/** Waits for the end of a pod, and tells it. */
async function endOfPod(pod: LoadPod, runner: Runner, isStopping: () => boolean, emit: Emit): Promise<PodEnd> {
  const end = await pod.ended;
  await runner.close();
  const wasStopped = isStopping() && stoppedExitCodes.includes(end.exitCode ?? -1);
  const exitCode = wasStopped ? 0 : end.exitCode;
  const { lastSampleMs, hasBegun, lateMs, lastLines, missing } = runner;
  const because = becauseOf(wasStopped ? { ...end, because: 'it was told to end' } : end, missing);
  const lost = exitCode !== 0 || !end.isWhole || !runner.isWritten || missing > 0;
  // Where something is missing in between, nobody knows from when on.
  const knownUntilMs = missing > 0 || (end.exitCode !== null && !end.isWhole) ? null : lastSampleMs;
  emit({ kind: 'load-pod-end', atMs: nowMs(), pod: pod.name, exitCode, because, lost, lastSampleMs: knownUntilMs });
  if (lateMs > mostLateMs) emit(tooLate(pod.name, lateMs));
  return { exitCode, lost, hasBegun, lines: [`pod ${pod.name} on node ${pod.node}: ${because}`, ...lastLines] };
}

interface PodEnd {
  exitCode: number | null;
  lost: boolean;
  /** Its schedule has begun. */
  hasBegun: boolean;
  lines: string[];
}

const becauseOf = ({ because, exitCode, isWhole }: LoadPodEnd, missing: number): string =>
  [
    ...(because ? [because] : []),
    ...(exitCode === null ? [] : [`exit code ${exitCode}`]),
    ...(isWhole ? [] : ['not all that it wrote could be read']),
    ...(missing > 0 ? [`${missing} of its samples never came`] : []),
  ].join(', ');

const tooLate = (pod: string, ms: number): Observation => ({
  kind: 'problem',
  atMs: nowMs(),
  about: 'load',
  message: `pod ${pod} started its share of the load ${(ms / 1000).toFixed(1)} s late`,
});

/** The worst of them, unless others went on: what was lost then is told by itself. */
function endOf(ends: readonly PodEnd[]): K6End {
  const lost = ends.filter((end) => end.lost);
  const [first = ends[0]] = lost;
  return {
    exitCode: lost.length === 0 ? 0 : (first?.exitCode ?? null),
    lastLines: first?.lines ?? [],
    ...(lost.length > 0 &&
      lost.length < ends.length &&
      lost.every(({ hasBegun }) => hasBegun) && { othersWentOn: true }),
  };
}
