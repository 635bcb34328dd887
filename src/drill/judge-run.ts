import { join } from 'node:path';
import { analyse } from '../analysis/analyse.ts';
import { invalid } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { ReportInput } from '../report/report-input.ts';
import { writeReports } from '../report/write-reports.ts';
import { readJson, writeJson } from '../runtime/files.ts';
import { judge } from '../verdict/judge.ts';

/**
 * Judges a run from its stored plan and evidence alone, and writes verdict.json and facts.json; with reports, those too.
 * The same evidence gives the byte-same verdict.
 * @throws TenfoldError (invalid) when the folder is not a run's.
 */
export async function judgeRun(runFolder: string, options: { withReports?: boolean } = {}): Promise<ReportInput> {
  const plan = (await readJson(join(runFolder, 'plan.json'))) as Plan | undefined;
  if (!plan)
    throw invalid(`${runFolder} is not the folder of a run: it has no plan.json`, 'runs are below reports/<drill>/');
  const facts = await analyse(join(runFolder, 'evidence'), plan);
  const verdict = judge(facts, plan);
  await writeJson(join(runFolder, 'verdict.json'), verdict);
  await writeJson(join(runFolder, 'facts.json'), facts);
  const judged = { verdict, facts, plan };
  if (options.withReports) await writeReports(runFolder, judged);
  return judged;
}
