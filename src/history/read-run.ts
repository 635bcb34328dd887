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

/** Why a folder is left out. */
export interface Unread {
  why: string;
  /** The machine refused it, not what is in it: it may be read next time. */
  isForNow: boolean;
}

/**
 * Reads a run from its folder, and checks that its verdict is what its facts give by today's rules. The evidence is not read:
 * that takes seconds a run, and is what `analyze` does.
 */
export async function readRun(reports: string, folder: string): Promise<HistoryRun | Unread> {
  const path = join(reports, folder);
  try {
    return await readThrough(path, folder);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isForNow = 'syscall' in error;
    return { why: error.message.replaceAll(`${path}/`, '').replaceAll(path, 'it'), isForNow };
  }
}

async function readThrough(path: string, folder: string): Promise<HistoryRun> {
  const verdict = verdictIn(await jsonIn(path, 'verdict.json', 'it is still running, was killed, or was cut'));
  const facts: Facts = await jsonIn(path, 'facts.json', `${judgeAgain} makes it`);
  const plan = await readPlan(path);
  const { again, run } = judgedAgain(facts, plan, (again) => ({ again, run: rowOf(folder, verdict, facts, plan) }));
  const differing = differences(verdict, again);
  if (differing.length === 0) return run;
  throw new LeftOutError(
    `verdict.json is not what facts.json gives: ${differing.join(', ')}; edited, or judged by other rules: ${judgeAgain} judges it by the evidence`,
  );
}

const judgeAgain = 'npm run tenfold -- analyze';

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
      `verdict.json has schema version ${version}, this tenfold reads ${thisVersion}: ${judgeAgain} judges the run by its evidence`,
    );
  const parsed = verdictSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new LeftOutError(`verdict.json is not a verdict: ${problemsIn(parsed.error).replaceAll(/\s+/g, ' ')}`);
}

/** Facts of another version, or edited ones, may lack whatever is looked at. */
function judgedAgain<T>(facts: Facts, plan: Plan, read: (again: Verdict) => T): T {
  try {
    return read(judge(facts, plan));
  } catch {
    throw new LeftOutError(
      `facts.json cannot be judged: it was edited, or is another version's: ${judgeAgain} makes it anew`,
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
