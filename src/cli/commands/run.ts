import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { runDrill } from '../../drill/run-drill.ts';
import type { LiveWish } from '../../export/live.ts';
import { Stopped } from '../../model/errors.ts';
import type { ExitCode } from '../../model/exit-codes.ts';
import type { LoadSource, SentinelWish } from '../../model/plan.ts';
import { conditionText, type LiveCondition } from '../../model/stop.ts';
import { annotationsOf } from '../../report/github/annotations.ts';
import { asTyped } from '../../runtime/as-typed.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import { checkTraffic } from '../check-machine.ts';
import { describeFootprint, describeGuards } from '../describe-footprint.ts';
import { describePlan } from '../describe-plan.ts';
import { exportIfAsked } from '../export-if-asked.ts';
import { type NotifyOptions, notifierOf } from '../notifying.ts';
import { eitherStops, followedToo, openCommandOf, openIfWatched } from '../open-if-watched.ts';
import { guardAnswers, type Prepared, prepare, refuseUnguarded } from '../prepare.ts';
import { showProgress } from '../progress.ts';
import { sayError } from '../say-error.ts';
import { sayVerdict } from '../say-verdict.ts';
import { sharedSetup } from '../shared-setup.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { fileOfDrill, tellGithub } from '../tell-github.ts';
import { waitUntilMs } from '../wait-for-platform.ts';
import { defaultProfile } from '../wire.ts';

export interface RunOptions extends LiveWish, Omit<NotifyOptions, 'reports'> {
  target: string;
  profile: string;
  /** The config of a shop of one's own. */
  config?: string;
  /** The settings of a cluster. */
  cluster?: string;
  json: boolean;
  keep: boolean;
  without: string[];
  reports: string;
  /** Processes that share the load. */
  loadWorkers?: number;
  /** Where it comes from. */
  load?: LoadSource;
  /** Pods that share it. */
  runners?: number;
  /** A pod for the sentinel. */
  sentinel?: SentinelWish;
  /** The traffic as 1:n of the reference platform's. */
  scale?: number;
  /** How the fault is done. */
  way?: string;
  /** When to end it before its time. */
  stopWhen?: LiveCondition[];
  /** How long to wait for a platform that is in use, in ms. */
  wait?: number;
  /** Ask no question. */
  yes?: boolean;
  /** Why it is run on production. */
  iMeanProduction?: string;
  /** Show it in a browser as it runs. */
  watch?: boolean;
}

/** Runs a drill and prints its verdict. Progress goes to stderr, the verdict to stdout. */
export async function runCommand(name: string, options: RunOptions): Promise<ExitCode> {
  const reportsFolder = resolve(options.reports);
  const notifier = await notifierOf({ ...options, reports: reportsFolder }, (line) =>
    process.stderr.write(`${line}\n`),
  );
  const untilMs = waitUntilMs(options.wait);
  const prepared = await prepare(name, { ...options, waitUntilMs: untilMs });
  const { testbed, drill, plan } = prepared;
  checkTraffic(plan, testbed.target.name === 'local');
  const progress = showProgress(plan, process.stderr);
  const typed = stopOnSignals(progress.say, progress.waitingFor);
  for (const line of describePlan(plan)) process.stderr.write(`${line}\n`);
  await askFirst(prepared, options, typed);
  await using room = await openIfWatched(options.watch, progress.say);
  await using others = await exportIfAsked(options, progress.say);
  room?.begin(plan);
  others?.begin(plan);
  const own = { listener: progress.listener, onProgress: progress.note, done: progress.done };
  const watcher = followedToo(own, room, others);

  const command = commandOf([name], options);
  const result = await runDrill(drill, plan, {
    ...sharedSetup(testbed, { signal: eitherStops(typed, room), untilMs }),
    command,
    reportsFolder,
    keep: options.keep,
    secrets: [...(testbed.guarded?.secrets ?? []), ...(notifier?.secrets ?? [])],
    listener: watcher.listener,
    onProgress: watcher.onProgress,
    ...(watcher.takeTicks && { takeTicks: watcher.takeTicks }),
  }).catch(async (error: unknown) => {
    await notifier?.refused(error, plan, command);
    throw error;
  });
  watcher.done();
  room?.judged(result.judged, openCommandOf(result.runFolder));
  others?.judged(result.judged.verdict);
  if (result.error) sayError(result.error);
  sayVerdict(result.judged, result.runFolder, options);
  await tellGithub(result.runFolder, annotationsOf(result.judged, fileOfDrill(name, options.config)), process.stderr);
  await notifier?.drill(result.judged, result.runFolder, result.error);
  return result.exitCode;
}

/**
 * A shop of one's own is drilled if its guards allow it, and, where it is on another machine and somebody sits at the terminal, if
 * they say yes to what will be done.
 */
export async function askFirst(
  prepared: Prepared,
  options: Pick<RunOptions, 'yes' | 'iMeanProduction'>,
  signal: AbortSignal,
): Promise<void> {
  const { guarded, context } = prepared.testbed;
  if (!guarded && context === undefined) return;
  const answers = await guardAnswers(prepared, options, signal);
  for (const line of [...describeFootprint(prepared.footprint), ...describeGuards(answers)])
    process.stderr.write(`${line}\n`);
  refuseUnguarded(answers);
  if (!guarded || guarded.isHere || options.yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question('Do this? (yes or no) ', { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new Stopped('interrupted', 'you said no; nothing was started');
  } finally {
    asking.close();
  }
}

/** The command that runs these again. */
export function commandOf(
  names: readonly string[],
  options: Pick<
    RunOptions,
    | 'target'
    | 'profile'
    | 'config'
    | 'cluster'
    | 'without'
    | 'loadWorkers'
    | 'load'
    | 'runners'
    | 'sentinel'
    | 'scale'
    | 'way'
    | 'stopWhen'
  >,
  program = 'npm run drill --',
): string {
  const parts = [program, ...names, ...whereOf(options)];
  if (options.without.length > 0) parts.push('--without', options.without.join(','));
  if (options.loadWorkers !== undefined) parts.push('--load-workers', String(options.loadWorkers));
  if (options.load === 'cluster') parts.push('--load', options.load);
  if (options.runners !== undefined) parts.push('--runners', String(options.runners));
  if (options.sentinel) parts.push('--sentinel', sentinelWord(options.sentinel));
  if (options.way !== undefined) parts.push('--way', shellWord(options.way));
  for (const condition of options.stopWhen ?? []) parts.push('--stop-when', `'${conditionText(condition)}'`);
  return asTyped(parts.join(' '));
}

const sentinelWord = ({ zone }: SentinelWish): string => (zone === null ? 'cluster' : shellWord(`zone=${zone}`));

/** The options that say where to run, how much and for how long; defaults are omitted. */
export function whereOf({
  target,
  config,
  cluster,
  profile,
  scale,
}: Pick<RunOptions, 'target' | 'profile' | 'config' | 'cluster' | 'scale'>): string[] {
  const parts: string[] = [];
  if (target !== 'local') parts.push('--target', target);
  if (cluster !== undefined) parts.push('--cluster', shellWord(cluster));
  if (config !== undefined) parts.push('--config', shellWord(config));
  if (profile !== defaultProfile) parts.push('--profile', profile);
  if (scale !== undefined) parts.push('--scale', `1:${scale}`);
  return parts;
}
