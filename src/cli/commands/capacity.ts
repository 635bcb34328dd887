import { join, relative, resolve } from 'node:path';
import { capacityOf } from '../../capacity/capacity-of.ts';
import { runDrill } from '../../drill/run-drill.ts';
import type { Capacity } from '../../model/capacity.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { worst } from '../../model/verdict.ts';
import { capacityLines } from '../../report/capacity/terminal.ts';
import { capacityPage } from '../../report/capacity/write-capacity-reports.ts';
import { printable } from '../../report/terminal.ts';
import { checkTraffic } from '../check-machine.ts';
import { describePlan } from '../describe-plan.ts';
import { hasColour } from '../has-colour.ts';
import { prepareCapacity } from '../prepare-capacity.ts';
import { showProgress } from '../progress.ts';
import { sayError } from '../say-error.ts';
import { sharedSetup } from '../shared-setup.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { testbedOf } from '../testbed.ts';
import { askFirst, commandOf, type RunOptions } from './run.ts';

export type CapacityOptions = Omit<RunOptions, 'keep' | 'without' | 'way' | 'watch'>;

/** Raises the load in steps until something gives way, and says how much the shop carries. */
export async function capacityCommand(given: CapacityOptions): Promise<ExitCode> {
  const options: RunOptions = { ...given, keep: false, without: [] };
  const prepared = await prepareCapacity(await testbedOf(options), options);
  const { testbed, drill, plan } = prepared;
  checkTraffic(plan, testbed.target.name === 'local');
  const progress = showProgress(plan, process.stderr);
  const signal = stopOnSignals(progress.say, progress.waitingFor);
  for (const line of describePlan(plan)) process.stderr.write(`${line}\n`);
  await askFirst(prepared, options, signal);

  const { judged, runFolder, exitCode, error } = await runDrill(drill, plan, {
    ...sharedSetup(testbed, { signal }),
    command: capacityCommandOf(options),
    reportsFolder: resolve(options.reports),
    keep: false,
    listener: progress.listener,
    onProgress: progress.note,
  });
  progress.done();
  if (error) sayError(error);
  const capacity = capacityOf(judged.facts, judged.plan);
  const { outcome, findings } = judged.verdict;
  for (const finding of findings.filter((one) => one.outcome === 'fail'))
    process.stderr.write(`${printable(`${finding.title} (${finding.id}): ${finding.message}`)}\n`);
  sayCapacity(capacity, runFolder, options);
  // What is left to do by hand, or who ended it, comes before what was found.
  return error === null ? exitCodes[worst([capacity.outcome, ...(outcome === 'fail' ? [outcome] : [])])] : exitCode;
}

/** The command that runs it again. */
export const capacityCommandOf = (options: Parameters<typeof commandOf>[1]): string =>
  commandOf([], options, 'npm run tenfold -- capacity');

function sayCapacity(capacity: Capacity, runFolder: string, options: { json: boolean }): void {
  const reportPath = relative(process.cwd(), join(runFolder, capacityPage));
  const text = options.json
    ? JSON.stringify(capacity, null, 2)
    : capacityLines(capacity, { colour: hasColour(process.stdout), reportPath }).join('\n');
  process.stdout.write(`${text}\n`);
}
