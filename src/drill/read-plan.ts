import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { invalid } from '../model/errors.ts';
import { objectivesSchema, phases } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { problemsIn } from '../model/problems-in.ts';
import { latencyPaths, profileSchema } from '../model/profile.ts';
import { runbookSchema } from '../model/runbook.ts';
import { plannedSamples } from '../plan/samples.ts';
import { readIfThere } from '../runtime/files.ts';

/** What judging needs from a stored plan. */
const storedPlan = z.looseObject({
  drill: z.string(),
  target: z.string(),
  profile: profileSchema,
  fault: z.looseObject({ kind: z.string() }).nullable(),
  objectives: objectivesSchema,
  peakRatePerSecond: z.number().positive(),
  samples: z.array(
    z.looseObject({ path: z.enum(latencyPaths), phase: z.enum(phases), limitMs: z.number(), judged: z.boolean() }),
  ),
  runbook: runbookSchema.optional(),
});

/** A plan has a few kilobytes; a longer file is none, and not worth the memory. */
const maxPlanBytes = 10_000_000;

/**
 * The plan in a run's folder.
 * @throws TenfoldError (invalid) when the folder is not a run's, or its plan cannot be read.
 */
export async function readPlan(runFolder: string): Promise<Plan> {
  const path = join(runFolder, 'plan.json');
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : Infinity),
    () => null,
  );
  if (size === null)
    throw invalid(`${runFolder} is not the folder of a run: it has no plan.json`, 'runs are below reports/<drill>/');
  const refuse = (why: string) =>
    invalid(`${path} is not a plan: ${why}`, 'the run is as it was; without its plan it cannot be judged');
  if (size > maxPlanBytes) throw refuse('it is no file of a plan’s size');
  const parsed = storedPlan.safeParse(jsonOf((await readIfThere(path)) ?? '', refuse));
  if (!parsed.success) throw refuse(`\n${problemsIn(parsed.error)}`);
  const plan = parsed.data as unknown as Plan;
  // What a phase was planned to yield follows from the plan; an older tenfold computed it differently.
  return { ...plan, samples: plannedSamples(plan, plan.checkoutShare) };
}

function jsonOf(text: string, refuse: (why: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse((error as Error).message);
  }
}
