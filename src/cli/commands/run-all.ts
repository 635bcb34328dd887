import { join, relative, resolve } from 'node:path';
import { invalid } from '../../model/errors.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { type Annotation, annotationsOf } from '../../report/github/annotations.ts';
import { outcomeSigns, outcomeWords } from '../../report/outcome-words.ts';
import { suiteLines } from '../../report/suite/terminal.ts';
import { nowMs } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { runSuite } from '../../suite/run-suite.ts';
import { makeSuiteFolder } from '../../suite/suite-folder.ts';
import { describePlan } from '../describe-plan.ts';
import { exportIfAsked } from '../export-if-asked.ts';
import { hasColour } from '../has-colour.ts';
import { drillNames } from '../load-drill.ts';
import { notifierOf, type Shown, worseOf } from '../notifying.ts';
import { eitherStops, followedToo, openCommandOf, openIfWatched } from '../open-if-watched.ts';
import { drillsFor, inventoryFor, leftOutLine, planDrills } from '../plan-drills.ts';
import { contextAnswers, refuseUnguarded } from '../prepare.ts';
import { sayError } from '../say-error.ts';
import { sharedSetup, takeSuiteLock } from '../shared-setup.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { fileOfDrill, tellGithub } from '../tell-github.ts';
import { ownTestbedOf } from '../testbed.ts';
import { waitForPlatform, waitUntilMs } from '../wait-for-platform.ts';
import { watchRuns } from '../watch-runs.ts';
import { folders } from '../wire.ts';
import { commandOf, type RunOptions } from './run.ts';

/** Runs several drills one after the other, each on a platform of its own, and sums them up. No names: all drills. */
export async function runAllCommand(names: readonly string[], options: RunOptions): Promise<ExitCode> {
  if (options.keep) throw invalid('--keep is for one drill: each of several has its own platform');
  if (options.load === 'cluster') throw invalid('--load cluster is for one drill at a time: name it');
  const reports = resolve(options.reports);
  const notifier = await notifierOf({ ...options, reports }, (line) => process.stderr.write(`${line}\n`));
  const testbed = await ownTestbedOf(options);
  const asked = names.length > 0 ? names : await drillNames(folders.scenarios);
  const inventory = await inventoryFor(asked, testbed, options);
  const fitting = names.length > 0 ? { possible: names, leftOut: [] } : await drillsFor(asked, testbed, inventory);
  const untilMs = waitUntilMs(options.wait);
  await waitForPlatform(testbed.platform, untilMs);
  const planned = await planDrills(fitting.possible, testbed, inventory, options);
  const leftOut = fitting.leftOut.map(leftOutLine);
  for (const line of leftOut) process.stderr.write(`left out: ${line}\n`);
  refuseUnguarded(contextAnswers(testbed, options.iMeanProduction));

  const startedAtMs = nowMs();
  const id = newRunId(startedAtMs);
  const runs = watchRuns(process.stderr, { detail: 'full' });
  const typed = stopOnSignals(runs.say, runs.waitingFor);
  await using _row = await takeSuiteLock(testbed, id, { untilMs, signal: typed, say: runs.say });
  const folder = await makeSuiteFolder(reports, 'all', id);
  const annotations: Annotation[] = [];
  let shown: Shown | undefined;
  await using room = await openIfWatched(options.watch, runs.say);
  await using others = await exportIfAsked(options, runs.say);
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
    setup: sharedSetup(testbed, { signal: eitherStops(typed, room), untilMs }),
    watch: ({ plan }, index) => {
      const heading = `\n${index + 1} of ${planned.length}  ${describePlan(plan).join('\n')}`;
      room?.begin(plan);
      others?.begin(plan);
      return followedToo(runs.watch(plan, heading), room, others);
    },
    onJudged: ({ judged, runFolder, error }) => {
      const { verdict } = judged;
      if (error) sayError(error);
      annotations.push(...annotationsOf(judged, fileOfDrill(verdict.drill, undefined)));
      room?.judged(judged, openCommandOf(runFolder));
      others?.judged(verdict);
      shown = worseOf(shown, { outcome: verdict.outcome, input: judged, runFolder });
      runs.say(`${outcomeSigns[verdict.outcome]} ${verdict.drill}: ${outcomeWords[verdict.outcome]}`);
    },
  });
  if (ending?.unreported) sayError(ending.unreported);
  const pathOf = (file: string) => relative(process.cwd(), join(folder, file));
  const text = options.json
    ? JSON.stringify(suite, null, 2)
    : suiteLines(suite, { colour: hasColour(process.stdout), pathOf }).join('\n');
  process.stdout.write(`${text}\n`);
  await tellGithub(folder, annotations, process.stderr);
  await notifier?.suite(suite, folder, ending?.exitCode === exitCodes.dirty ? ending.reason : null, shown);
  return exitCode;
}
