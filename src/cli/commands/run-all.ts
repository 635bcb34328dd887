import { join, relative, resolve } from 'node:path';
import { invalid } from '../../model/errors.ts';
import type { ExitCode } from '../../model/exit-codes.ts';
import { outcomeSigns, outcomeWords } from '../../report/outcome-words.ts';
import { suiteLines } from '../../report/suite/terminal.ts';
import { nowMs } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { runSuite } from '../../suite/run-suite.ts';
import { makeSuiteFolder } from '../../suite/suite-folder.ts';
import { describePlan } from '../describe-plan.ts';
import { hasColour } from '../has-colour.ts';
import { drillNames } from '../load-drill.ts';
import { eitherStops, openCommandOf, openIfWatched, watchedToo } from '../open-if-watched.ts';
import { drillsFor, planDrills } from '../plan-drills.ts';
import { contextAnswers, refuseUnguarded } from '../prepare.ts';
import { sayError } from '../say-error.ts';
import { sharedSetup, takeSuiteLock } from '../shared-setup.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { ownTestbedOf } from '../testbed.ts';
import { waitForPlatform, waitUntilMs } from '../wait-for-platform.ts';
import { watchRuns } from '../watch-runs.ts';
import { folders } from '../wire.ts';
import { commandOf, type RunOptions } from './run.ts';

/** Runs several drills one after the other, each on a platform of its own, and sums them up. No names: all drills. */
export async function runAllCommand(names: readonly string[], options: RunOptions): Promise<ExitCode> {
  if (options.keep) throw invalid('--keep is for one drill: each of several has its own platform');
  if (options.load === 'cluster') throw invalid('--load cluster is for one drill at a time: name it');
  const testbed = await ownTestbedOf(options);
  const inventory = await testbed.target.inventory();
  const { possible, leftOut } =
    names.length > 0
      ? { possible: names, leftOut: [] }
      : await drillsFor(await drillNames(folders.scenarios), testbed, inventory);
  const untilMs = waitUntilMs(options.wait);
  await waitForPlatform(testbed.platform, untilMs);
  const planned = await planDrills(possible, testbed, inventory, options);
  for (const line of leftOut) process.stderr.write(`left out: ${line}\n`);
  refuseUnguarded(contextAnswers(testbed, options.iMeanProduction));

  const startedAtMs = nowMs();
  const id = newRunId(startedAtMs);
  const reports = resolve(options.reports);
  const runs = watchRuns(process.stderr, { detail: 'full' });
  const signal = stopOnSignals(runs.say, runs.waitingFor);
  await using _row = await takeSuiteLock(testbed, id, { untilMs, signal, say: runs.say });
  const folder = await makeSuiteFolder(reports, 'all', id);
  await using room = await openIfWatched(options.watch, runs.say);
  const { suite, ending, exitCode } = await runSuite({
    folder,
    frame: {
      id,
      target: testbed.target.name,
      profile: options.profile,
      command: commandOf(names.length > 0 ? names : ['--all'], options),
      startedAt: new Date(startedAtMs).toISOString(),
      leftOut,
    },
    turns: planned.map(({ drill, plan }) => ({
      drill,
      plan,
      command: commandOf([drill.name], options),
      reportsFolder: reports,
    })),
    setup: sharedSetup(testbed, { signal: eitherStops(signal, room), untilMs }),
    watch: ({ plan }, index) => {
      const heading = `\n${index + 1} of ${planned.length}  ${describePlan(plan).join('\n')}`;
      room?.begin(plan);
      return watchedToo(runs.watch(plan, heading), room);
    },
    onJudged: ({ judged, runFolder, error }) => {
      const { verdict } = judged;
      if (error) sayError(error);
      room?.judged(judged, openCommandOf(runFolder));
      runs.say(`${outcomeSigns[verdict.outcome]} ${verdict.drill}: ${outcomeWords[verdict.outcome]}`);
    },
  });
  if (ending?.unreported) sayError(ending.unreported);
  const pathOf = (file: string) => relative(process.cwd(), join(folder, file));
  const text = options.json
    ? JSON.stringify(suite, null, 2)
    : suiteLines(suite, { colour: hasColour(process.stdout), pathOf }).join('\n');
  process.stdout.write(`${text}\n`);
  return exitCode;
}
