import { join } from 'node:path';
import { readPlan } from '../../../src/drill/read-plan.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { RunStatus } from '../../../src/model/verdict.ts';
import { writeJson } from '../../../src/runtime/files.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { factsOf } from './facts.ts';
import { planOf } from './plan.ts';
import type { Shape } from './shape.ts';

export interface StoredRun extends Partial<Shape> {
  drill?: string;
  /** Days since the first of 2026; the run's id tells it. */
  day: number;
  commit?: string;
  status?: RunStatus;
  versions?: Record<string, string>;
  plan?: Partial<Plan>;
}

const dayMs = 24 * 3_600_000;
const firstMs = Date.parse('2026-01-01T03:00:00.000Z');

/** Epoch ms. */
export const atDay = (day: number): number => firstMs + day * dayMs;

export const runIdOf = (day: number): string => {
  const [date, time] = new Date(atDay(day)).toISOString().split('T') as [string, string];
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${Math.round(day * 1000)
    .toString(16)
    .padStart(6, '0')}`;
};

/** Writes what a drill that was judged leaves in its folder, but for evidence and reports. Returns the folder below reports. */
export async function storeRun(reports: string, run: StoredRun): Promise<string> {
  const { drill = 'aurora-failover', day, commit = 'c0ffee', status = 'completed', versions = {} } = run;
  const runId = runIdOf(day);
  const folder = join(drill, runId);
  const path = join(reports, folder);
  await writeJson(join(path, 'plan.json'), { ...planOf(), drill, ...run.plan });
  const plan = await readPlan(path);
  const facts = factsOf({
    recoveryS: run.recoveryS === undefined ? 6.4 : run.recoveryS,
    checkoutP99Ms: run.checkoutP99Ms ?? 140,
    lost: run.lost ?? 0,
  });
  const stored: Facts = {
    ...facts,
    run: {
      ...facts.run,
      drill,
      runId,
      status,
      target: plan.target,
      startedAtMs: atDay(day),
      finishedAtMs: atDay(day) + 120_000,
      environment: { ...facts.run.environment, commit, dirty: false, versions },
    },
    series: [],
  };
  await writeJson(join(path, 'facts.json'), stored);
  await writeJson(join(path, 'verdict.json'), judge(stored, plan));
  return folder;
}
