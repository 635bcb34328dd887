import { capacityName } from '../model/capacity.ts';
import { invalid, TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { Identity, Risks } from '../model/review.ts';
import type { Environment } from '../model/verdict.ts';
import { outcomeSigns, outcomeWords } from '../report/outcome-words.ts';
import { dayOf } from '../review/days.ts';
import { identityDifferences } from '../review/identity.ts';
import { type DrillNeed, nextDrill } from '../review/plan-review.ts';
import { nowMs } from '../runtime/clock.ts';
import { newRunId } from '../runtime/random.ts';
import { takeTurns } from '../suite/take-turns.ts';
import { capacityCommandOf } from './commands/capacity.ts';
import { askFirst, commandOf, type RunOptions } from './commands/run.ts';
import { footprintOf } from './footprint.ts';
import type { Planned } from './plan-drills.ts';
import type { Prepared } from './prepare.ts';
import { type EvidencePlace, needsNow } from './review-evidence.ts';
import { sayError } from './say-error.ts';
import { sharedSetup, takeSuiteLock } from './shared-setup.ts';
import type { Testbed } from './testbed.ts';
import type { WatchedRuns } from './watch-runs.ts';

/** After so many runs in a row that are no evidence, a drill is left for another night. */
const mostInVain = 2;

export interface MissingRuns {
  place: EvidencePlace;
  options: MissingOptions;
  runs: WatchedRuns;
  signal: AbortSignal;
  /** For drills, this time; undefined: as long as it takes. */
  budgetMs: number | undefined;
  /** How long to wait for the platform, epoch ms; undefined: not at all. */
  untilMs: number | undefined;
}

export type MissingOptions = Omit<RunOptions, 'keep' | 'without'>;

/**
 * Runs what is missing, one drill at a time: the one of which the least is there. Each run is in its own folder before the next
 * begins, so a review that is interrupted goes on from there.
 * @returns an exit code where no more runs may follow.
 */
export async function runMissing({
  place,
  options,
  runs,
  signal,
  budgetMs,
  untilMs,
}: MissingRuns): Promise<ExitCode | undefined> {
  const { testbed, asked, identity, reports } = place;
  refuseUncommitted(identity);
  const endsMs = budgetMs === undefined ? Number.POSITIVE_INFINITY : nowMs() + budgetMs;
  await using _row = await takeSuiteLock(testbed, newRunId(nowMs()), { untilMs, signal, say: runs.say });
  const inVain = new Map<string, number>();
  const given = () => new Set([...inVain].filter(([, count]) => count >= mostInVain).map(([drill]) => drill));
  let needs = await needsNow(place);
  for (let count = 0; ; count += 1) {
    const next = nextDrill(needs, endsMs - nowMs(), given());
    if (next === undefined) return undefined;
    // Whoever sits there is told why nothing is run; a night, or one that has begun, ends with a decision by what is there.
    const throws = count === 0 && budgetMs === undefined;
    const frozen = freezeOn(testbed, asked.risks);
    if (frozen !== undefined) {
      if (throws) throw frozen;
      runs.say(frozen.message);
      return undefined;
    }
    const { command, ...prepared } = await prepareMissing(next.drill, place, options);
    const { drill, plan } = prepared;
    const refusal = await refusalOf(() => askFirst(prepared, options, signal));
    if (refusal !== undefined) {
      if (throws) throw refusal;
      runs.say(`${next.drill}: ${refusal.message}`);
      inVain.set(next.drill, mostInVain);
      continue;
    }
    const heading = `\n${next.drill}: run ${next.runs + 1} of ${next.runsNeeded}`;
    let changed: string[] = [];
    const ending = await takeTurns(
      [{ drill, plan, command, reportsFolder: reports }],
      sharedSetup(testbed, { signal, untilMs }),
      () => runs.watch(plan, heading),
      async ({ judged, error }) => {
        const { outcome, environment } = judged.verdict;
        if (error) sayError(error);
        changed = identityDifferences(identity, identityIn(environment, identity));
        runs.say(`${outcomeSigns[outcome]} ${next.drill}: ${outcomeWords[outcome]}`);
      },
    );
    if (ending?.unreported) sayError(ending.unreported);
    if (ending) return ending.exitCode;
    refuseChanged(changed);
    needs = await needsNow(place);
    inVain.set(next.drill, missingOf(needs, next.drill) < next.missing ? 0 : (inVain.get(next.drill) ?? 0) + 1);
  }
}

/** What a guard of the shop says against a drill. */
async function refusalOf(ask: () => Promise<void>): Promise<TenfoldError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (error instanceof TenfoldError && error.exitCode === exitCodes.invalid) return error;
    throw error;
  }
}

const missingOf = (needs: readonly DrillNeed[], name: string): number =>
  needs.find(({ drill }) => drill === name)?.missing ?? 0;

/** What a run was of, as far as a review asks. */
const identityIn = ({ commit, dirty, versions }: Environment, { versions: asked }: Identity): Identity => ({
  commit,
  dirty,
  versions: Object.fromEntries(Object.entries(versions).filter(([name]) => name in asked)),
});

/** @throws TenfoldError (invalid) where runs have become those of something else */
function refuseChanged(changed: readonly string[]): void {
  if (changed.length === 0) return;
  throw invalid(
    ['the checkout or the platform has changed since the review began, so no further run would count:', ...changed],
    'begin again once it stays as it is: the runs until now count if it is again as it was',
  );
}

/** What is to be run, and the command that runs it alone. */
async function prepareMissing(
  name: string,
  { testbed, asked }: EvidencePlace,
  options: MissingOptions,
): Promise<Prepared & { command: string }> {
  const asRun = { ...options, without: [] };
  if (name === capacityName) return { ...(asked.capacity as Prepared), command: capacityCommandOf(asRun) };
  const { drill, plan } = asked.planned.find((one) => one.drill.name === name) as Planned;
  const footprint = footprintOf(drill, plan, await testbed.target.inventory(), testbed.target);
  return { testbed, drill, plan, footprint, command: commandOf([name], asRun) };
}

/** @throws TenfoldError (invalid) where no run would count */
function refuseUncommitted({ dirty }: Identity): void {
  if (dirty !== true) return;
  throw invalid(
    'the checkout has changes that are not committed: nobody else can have the same, so no run of it would count',
    'commit them, or --no-run decides by the runs that are there',
  );
}

/** On a day on which nothing is drilled but the pocket region, which is nobody's. */
function freezeOn({ target }: Testbed, risks: Risks): TenfoldError | undefined {
  const today = dayOf(nowMs());
  const freeze = risks.freezes.find(({ from, to }) => from <= today && today <= to);
  if (freeze === undefined || target.name === 'local') return undefined;
  return invalid(
    `nothing is drilled from ${freeze.from} to ${freeze.to}: ${freeze.what}`,
    '--no-run decides by the runs that are there',
  );
}
