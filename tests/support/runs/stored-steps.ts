import { join } from 'node:path';
import type { LoadStepFact } from '../../../src/model/facts.ts';
import { writeJson } from '../../../src/runtime/files.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { brokenPaths, factors, factsOf, stepFact, steppedPlan } from '../steps.ts';
import { atDay, runIdOf } from './stored-run.ts';

export interface StoredSteps {
  day: number;
  commit?: string;
  /** The first multiple of the baseline at which promises are broken; left out: none. */
  brokenAt?: number;
  /** Orders that it lost. */
  lost?: number;
}

/** Writes what a run in steps leaves in its folder, but for evidence and reports. Returns the folder below reports. */
export async function storeSteps(
  reports: string,
  { day, commit = 'c0ffee', brokenAt, lost = 0 }: StoredSteps,
): Promise<string> {
  const runId = runIdOf(day);
  const folder = join('capacity', runId);
  const facts = factsOf(stepsUpTo(brokenAt ?? Number.POSITIVE_INFINITY));
  const startedAtMs = atDay(day);
  const environment = { ...facts.run.environment, commit, dirty: false, versions: {} };
  const run = {
    ...facts.run,
    runId,
    target: steppedPlan.target,
    startedAtMs,
    finishedAtMs: startedAtMs + 300_000,
    environment,
  };
  const orders = facts.orders && { ...facts.orders, lost };
  const stored = { ...facts, run, orders, series: [] };
  await writeJson(join(reports, folder, 'plan.json'), steppedPlan);
  await writeJson(join(reports, folder, 'facts.json'), stored);
  await writeJson(join(reports, folder, 'verdict.json'), judge(stored, steppedPlan));
  return folder;
}

/** The load ends once the first promise is broken. */
function stepsUpTo(brokenAt: number): LoadStepFact[] {
  const steps = factors.filter((factor) => factor <= brokenAt).map((factor) => stepFact(factor));
  const last = steps.at(-1);
  return last?.factor === brokenAt ? [...steps.slice(0, -1), { ...last, ...brokenPaths(last) }] : steps;
}
