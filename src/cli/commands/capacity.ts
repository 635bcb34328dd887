import { join, relative, resolve } from 'node:path';
import { capacityDrill } from '../../../scenarios/stepped/capacity.ts';
import { capacityOf } from '../../capacity/capacity-of.ts';
import { runDrill } from '../../drill/run-drill.ts';
import type { Capacity } from '../../model/capacity.ts';
import type { Drill } from '../../model/drill.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { stepped } from '../../plan/stepped.ts';
import { capacityLines } from '../../report/capacity/terminal.ts';
import { capacityPage } from '../../report/capacity/write-capacity-reports.ts';
import { checkTraffic } from '../check-machine.ts';
import { describePlan } from '../describe-plan.ts';
import { hasColour } from '../has-colour.ts';
import { prepareDrill } from '../prepare.ts';
import { showProgress } from '../progress.ts';
import { sayError } from '../say-error.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { testbedOf } from '../testbed.ts';
import { undoers } from '../wire.ts';
import { askFirst, commandOf, type RunOptions } from './run.ts';

export type CapacityOptions = Omit<RunOptions, 'keep' | 'without' | 'way' | 'watch'>;

/** Raises the load in steps until something gives way, and says how much the shop carries. */
export async function capacityCommand(given: CapacityOptions): Promise<ExitCode> {
  const options: RunOptions = { ...given, keep: false, without: [] };
  const found = await testbedOf(options);
  const testbed = { ...found, profile: stepped(found.profile) };
  const prepared = await prepareDrill(judgedAtFirst(testbed.onShop(capacityDrill)), testbed, options);
  const { drill, plan } = prepared;
  checkTraffic(plan, testbed.target.name === 'local');
  const progress = showProgress(plan, process.stderr);
  const signal = stopOnSignals(progress.say, progress.waitingFor);
  for (const line of describePlan(plan)) process.stderr.write(`${line}\n`);
  await askFirst(prepared, options, signal);

  const { judged, runFolder, exitCode, error } = await runDrill(drill, plan, {
    target: testbed.target,
    undoers,
    script: testbed.script,
    command: commandOf([], options, 'npm run tenfold -- capacity'),
    reportsFolder: resolve(options.reports),
    platform: testbed.platform,
    keep: false,
    ...(testbed.guarded && { cwd: testbed.guarded.cwd, secrets: testbed.guarded.secrets }),
    sharedLockEnv: testbed.sharedLockEnv,
    signal,
    listener: progress.listener,
    onProgress: progress.note,
  });
  progress.done();
  if (error) sayError(error);
  const capacity = capacityOf(judged.facts, judged.plan);
  sayCapacity(capacity, runFolder, options);
  // What is left to do by hand, or who ended it, comes before what was found.
  return error === null ? exitCodes[capacity.outcome] : exitCode;
}

/** The load goes up until a promise is broken: only the first step is promised anything by the run's own verdict. */
function judgedAtFirst({ objectives, ...drill }: Drill): Drill {
  const { latency, errorBudget } = objectives;
  return {
    ...drill,
    objectives: {
      latency: latency.map((promise) => ({ ...promise, phases: ['baseline'] })),
      errorBudget,
      recovery: [],
    },
  };
}

function sayCapacity(capacity: Capacity, runFolder: string, options: { json: boolean }): void {
  const reportPath = relative(process.cwd(), join(runFolder, capacityPage));
  const text = options.json
    ? JSON.stringify(capacity, null, 2)
    : capacityLines(capacity, { colour: hasColour(process.stdout), reportPath }).join('\n');
  process.stdout.write(`${text}\n`);
}
