import { invalid } from '../model/errors.ts';
import type { ExitCode } from '../model/exit-codes.ts';
import type { Identity, Risks } from '../model/review.ts';
import { outcomeSigns, outcomeWords } from '../report/outcome-words.ts';
import { dayOf } from '../review/days.ts';
import { type DrillNeed, nextDrill } from '../review/plan-review.ts';
import { nowMs } from '../runtime/clock.ts';
import { newRunId } from '../runtime/random.ts';
import { takeTurns } from '../suite/take-turns.ts';
import { askFirst, commandOf, type RunOptions } from './commands/run.ts';
import { footprintOf } from './footprint.ts';
import type { Planned } from './plan-drills.ts';
import { sayError } from './say-error.ts';
import { sharedSetup, takeSuiteLock } from './shared-setup.ts';
import type { Testbed } from './testbed.ts';
import type { WatchedRuns } from './watch-runs.ts';

/** After so many runs in a row that say neither, a drill is left for another night. */
const mostInVain = 2;

export interface MissingRuns {
  testbed: Testbed;
  planned: readonly Planned[];
  options: Omit<RunOptions, 'json' | 'keep' | 'without'>;
  reports: string;
  runs: WatchedRuns;
  signal: AbortSignal;
  risks: Risks;
  identity: Identity;
  /** For drills, this time. */
  budgetMs: number;
  /** What is missing now. */
  needs: () => Promise<DrillNeed[]>;
}

/**
 * Runs what is missing, one drill at a time: the one of which the least is there. Each run is in its own folder before the next
 * begins, so a review that is interrupted goes on from there.
 * @returns an exit code where no more runs may follow.
 */
export async function runMissing(job: MissingRuns): Promise<ExitCode | undefined> {
  const { testbed, planned, options, reports, runs, signal, budgetMs } = job;
  refuseUncommitted(job);
  refuseInFreeze(job);
  const untilMs = nowMs() + budgetMs;
  await using _row = await takeSuiteLock(testbed, newRunId(nowMs()));
  const inVain = new Map<string, number>();
  const given = () => new Set([...inVain].filter(([, count]) => count >= mostInVain).map(([drill]) => drill));
  for (;;) {
    const needs = await job.needs();
    const next = nextDrill(needs, untilMs - nowMs(), given());
    if (next === undefined) return undefined;
    const { drill, plan } = planned.find((one) => one.drill.name === next.drill) as Planned;
    const inventory = await testbed.target.inventory();
    await askFirst(
      { testbed, drill, plan, footprint: footprintOf(drill, plan, inventory, testbed.target) },
      options,
      signal,
    );
    const heading = `\n${next.drill}: run ${next.runs + 1} of ${next.runsNeeded}`;
    const turn = { drill, plan, command: commandOf([next.drill], { ...options, without: [] }), reportsFolder: reports };
    const ending = await takeTurns(
      [turn],
      sharedSetup(testbed, signal),
      () => runs.watch(plan, heading),
      async ({ judged, error }) => {
        const { outcome } = judged.verdict;
        if (error) sayError(error);
        inVain.set(next.drill, outcome === 'inconclusive' ? (inVain.get(next.drill) ?? 0) + 1 : 0);
        runs.say(`${outcomeSigns[outcome]} ${next.drill}: ${outcomeWords[outcome]}`);
      },
    );
    if (ending?.unreported) sayError(ending.unreported);
    if (ending) return ending.exitCode;
  }
}

/** @throws TenfoldError (invalid) where no run would count */
function refuseUncommitted({ identity }: MissingRuns): void {
  if (identity.dirty !== true) return;
  throw invalid(
    'the checkout has changes that are not committed: nobody else can have the same, so no run of it would count',
    'commit them, or --no-run decides by the runs that are there',
  );
}

/** @throws TenfoldError (invalid) on a day on which nothing is drilled but the pocket region, which is nobody's. */
function refuseInFreeze({ testbed, risks }: MissingRuns): void {
  const today = dayOf(nowMs());
  const freeze = risks.freezes.find(({ from, to }) => from <= today && today <= to);
  if (freeze === undefined || testbed.target.name === 'local') return;
  throw invalid(
    `nothing is drilled from ${freeze.from} to ${freeze.to}: ${freeze.what}`,
    '--no-run decides by the runs that are there',
  );
}
