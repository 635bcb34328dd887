import { join } from 'node:path';
import { analyse } from '../analysis/analyse.ts';
import { capacityOf } from '../capacity/capacity-of.ts';
import { capacityFile } from '../model/capacity.ts';
import type { Facts } from '../model/facts.ts';
import type { Objectives } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { plannedSamples } from '../plan/samples.ts';
import type { ReportInput } from '../report/report-input.ts';
import { writeReports } from '../report/write-reports.ts';
import { writeJson } from '../runtime/files.ts';
import { judge } from '../verdict/judge.ts';
import { readPlan } from './read-plan.ts';

/**
 * Judges a run only from its stored plan and evidence, and writes verdict.json and facts.json; with reports, those too.
 * The same evidence yields a byte-identical verdict.
 * @throws TenfoldError (invalid) when the folder is not a run's.
 */
export async function judgeRun(runFolder: string, options: { withReports?: boolean } = {}): Promise<ReportInput> {
  const judged = await judgeStored(runFolder);
  await writeJudged(runFolder, judged);
  if (options.withReports) await writeReports(runFolder, judged);
  if (judged.plan.profile.steps) await writeCapacity(runFolder, judged, options);
  return judged;
}

/** What a load in steps says of how much the shop carries, besides its verdict. */
async function writeCapacity(
  runFolder: string,
  { facts, plan }: ReportInput,
  options: { withReports?: boolean },
): Promise<void> {
  const capacity = capacityOf(facts, plan);
  await writeJson(join(runFolder, capacityFile), capacity);
  if (!options.withReports) return;
  // What draws takes longer to load than all else, and most runs need it not.
  const { writeCapacityReports } = await import('../report/capacity/write-capacity-reports.ts');
  await writeCapacityReports(runFolder, capacity);
}

/**
 * Judges a run by other objectives than it was planned with; those left out stay the same. The result is written to
 * `again/<name>/` in the run's folder, with reports and the plan as it would have been; the run's own verdict stays.
 */
export async function judgeAgain(
  runFolder: string,
  objectives: Partial<Objectives>,
  name: string,
): Promise<{ judged: ReportInput; folder: string }> {
  const judged = await judgeStored(runFolder, (plan) => withObjectives(plan, { ...plan.objectives, ...objectives }));
  const folder = join(runFolder, 'again', name);
  await writeJson(join(folder, 'plan.json'), judged.plan);
  await writeJudged(folder, judged);
  await writeReports(folder, judged);
  return { judged, folder };
}

/** Judges a run and writes nothing. */
export async function judgeStored(
  runFolder: string,
  change: (plan: Plan) => Plan = (plan) => plan,
): Promise<ReportInput & { facts: Facts }> {
  const plan = change(await readPlan(runFolder));
  const facts = await analyse(join(runFolder, 'evidence'), plan);
  return { verdict: judge(facts, plan), facts, plan };
}

async function writeJudged(folder: string, { verdict, facts }: ReportInput): Promise<void> {
  await writeJson(join(folder, 'verdict.json'), verdict);
  await writeJson(join(folder, 'facts.json'), facts);
}

const withObjectives = (plan: Plan, objectives: Objectives): Plan => ({
  ...plan,
  objectives,
  samples: plannedSamples({ ...plan, objectives }, plan.checkoutShare),
});
