import { resolve } from 'node:path';
import { runDrill } from '../../drill/run-drill.ts';
import type { ExitCode } from '../../model/exit-codes.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { chooseScale } from '../choose-scale.ts';
import { describePlan } from '../describe-plan.ts';
import { showProgress } from '../progress.ts';
import { sayError } from '../say-error.ts';
import { sayVerdict } from '../say-verdict.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { venueOf } from '../venue.ts';
import { defaultProfile, undoers } from '../wire.ts';

export interface RunOptions {
  target: string;
  profile: string;
  /** The config of a shop of one's own. */
  config?: string;
  json: boolean;
  keep: boolean;
  without: string[];
  reports: string;
  /** Processes that share the load. */
  loadWorkers?: number;
  /** The traffic as 1:n of the reference platform's. */
  scale?: number;
}

/** Runs a drill and prints its verdict. Progress goes to stderr, the verdict to stdout. */
export async function runCommand(name: string, options: RunOptions): Promise<ExitCode> {
  const venue = await venueOf(options);
  const { target, script, platform } = venue;
  const drill = await venue.loadDrill(name);
  const scale = await chooseScale(options.scale, venue);
  const plan = makePlan(drill, venue.profile, target, { ...options, scale, inventory: await target.inventory() });
  const progress = showProgress(plan, process.stderr);
  for (const line of describePlan(plan)) process.stderr.write(`${line}\n`);

  const result = await runDrill(drill, plan, {
    target,
    undoers,
    script,
    command: commandOf([name], options),
    reportsFolder: resolve(options.reports),
    platform,
    keep: options.keep,
    signal: stopOnSignals(progress.note),
    listener: progress.listener,
    onProgress: progress.note,
  });
  progress.done();
  if (result.error) sayError(result.error);
  sayVerdict(result.judged, result.runFolder, options);
  return result.exitCode;
}

/** The command that runs these again. */
export function commandOf(
  names: readonly string[],
  options: Pick<RunOptions, 'target' | 'profile' | 'config' | 'without' | 'loadWorkers' | 'scale'>,
): string {
  const parts = ['npm run drill --', ...names, ...whereOf(options)];
  if (options.without.length > 0) parts.push('--without', options.without.join(','));
  if (options.loadWorkers !== undefined) parts.push('--load-workers', String(options.loadWorkers));
  return parts.join(' ');
}

/** The options that say where to run, how much and for how long; defaults are omitted. */
export function whereOf({
  target,
  config,
  profile,
  scale,
}: Pick<RunOptions, 'target' | 'profile' | 'config' | 'scale'>): string[] {
  const parts: string[] = [];
  if (target !== 'local') parts.push('--target', target);
  if (config !== undefined) parts.push('--config', config);
  if (profile !== defaultProfile) parts.push('--profile', profile);
  if (scale !== undefined) parts.push('--scale', `1:${scale}`);
  return parts;
}
