import { join } from 'node:path';
import { z } from 'zod';
import { readPlan } from '../drill/read-plan.ts';
import type { Facts } from '../model/facts.ts';
import type { HistoryRun } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import { problemsIn } from '../model/problems-in.ts';
import { type Verdict, verdictSchema } from '../model/verdict.ts';
import { isFile, readAtMost } from '../runtime/files.ts';
import { judge } from '../verdict/judge.ts';
import { differences } from './differences.ts';
import { measuresOf } from './measures.ts';
import { seriesOf } from './series-of.ts';

const mostBytes = 100_000_000;
const thisVersion = 2;

/** A folder is left out, and why. */
class LeftOutError extends Error {}

/**
 * Reads a run from its folder, and checks that its verdict is what its facts give by today's rules. The evidence is not read:
 * that takes seconds a run, and is what `analyze` does.
 * @returns why, for a run that is left out
 */
export async function readRun(reports: string, folder: string): Promise<HistoryRun | { why: string }> {
  try {
    return await readThrough(join(reports, folder), folder);
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

async function readThrough(path: string, folder: string): Promise<HistoryRun> {
  const verdict = verdictIn(await jsonIn(path, 'verdict.json', 'it is still running, was killed, or was cut'));
  const facts: Facts = await jsonIn(path, 'facts.json', `${judgeAgain(path)} makes it`);
  const plan = await readPlan(path);
  const differing = differences(verdict, judgedAgain(facts, plan, path));
  if (differing.length > 0)
    throw new LeftOutError(
      `verdict.json is not what facts.json gives: ${differing.join(', ')}; edited, or judged by other rules: ${judgeAgain(path)} judges it by the evidence`,
    );
  return rowOf(folder, verdict, facts, plan);
}

const judgeAgain = (path: string): string => `npm run tenfold -- analyze ${path}`;

// biome-ignore lint/suspicious/noExplicitAny: what stands in a file; its readers check it.
async function jsonIn(path: string, name: string, whyMissing: string): Promise<any> {
  const file = join(path, name);
  if (!isFile(file)) throw new LeftOutError(`there is no ${name}: ${whyMissing}`);
  const text = await readAtMost(file, mostBytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LeftOutError(`${name} is not JSON, or was cut: ${(error as Error).message}`);
  }
}

const versioned = z.looseObject({ schemaVersion: z.number() });

function verdictIn(json: unknown): Verdict {
  const version = versioned.safeParse(json).data?.schemaVersion;
  if (version !== undefined && version !== thisVersion)
    throw new LeftOutError(
      `verdict.json has schema version ${version}, this tenfold reads ${thisVersion}: npm run tenfold -- analyze judges the run again, if its evidence is there`,
    );
  const parsed = verdictSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new LeftOutError(`verdict.json is not a verdict: ${problemsIn(parsed.error).replaceAll(/\s+/g, ' ')}`);
}

/** Facts of another version, or edited ones, may lack whatever the rules look at. */
function judgedAgain(facts: Facts, plan: Plan, path: string): Verdict {
  try {
    return judge(facts, plan);
  } catch {
    throw new LeftOutError(
      `facts.json cannot be judged: it was edited, or is another version's: ${judgeAgain(path)} makes it`,
    );
  }
}

function rowOf(folder: string, verdict: Verdict, facts: Facts, plan: Plan): HistoryRun {
  const { runId, drill, target, profile, outcome, status, startedAt, environment } = verdict;
  const { commit, dirty, scale, versions } = environment;
  return {
    folder,
    ...{ runId, drill, target, profile, outcome, status, startedAt },
    ...{ commit, dirty, scale, versions },
    without: plan.without,
    series: seriesOf(plan, facts),
    measures: measuresOf(verdict, facts),
  };
}
