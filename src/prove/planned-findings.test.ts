import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyse } from '../analysis/analyse.ts';
import { evidenceFiles } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { planOf } from '../report/test-runs/plan.ts';
import { passingRun } from '../report/test-runs/runs.ts';
import { judge } from '../verdict/judge.ts';
import { plannedFindings } from './planned-findings.ts';

const plan = planOf();
const everything: Plan = {
  ...plan,
  objectives: {
    ...plan.objectives,
    failures: [{ calls: 'reads', phases: ['peak', 'fault'], maxFailedRatio: 0.01 }],
    refusal: { medianLimitMs: 250 },
    sessions: { maxLost: 0 },
    restarts: { maxUnattributed: 0 },
    availability: { maxUnavailablePods: 1 },
    untouched: 'on-demand',
    autoscaling: { maxLagMs: 60_000 },
  },
};

/** The findings of a run that began, and of which nothing else is known but its orders. */
async function judgedFindings(of: Plan): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  try {
    const evidence = join(folder, 'evidence');
    await mkdir(evidence);
    const { drill, runId, target, profile, command, environment } = passingRun().verdict;
    const started = { kind: 'run-started', atMs: 1_000, drill, runId, target, profile, command, environment };
    await writeFile(join(evidence, evidenceFiles.observations), `${JSON.stringify(started)}\n`);
    const { orders } = passingRun().facts ?? { orders: null };
    const facts = { ...(await analyse(evidence, of)), orders };
    const aboutTheRun = /^(run$|evidence\.)/;
    return judge(facts, of).findings.flatMap(({ id }) => (aboutTheRun.test(id) ? [] : [id]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  ['a drill with a fault', plan],
  ['a drill without one', { ...plan, fault: null, objectives: { ...plan.objectives, recovery: [] } }],
  ['a drill with all objectives', everything],
])('%s is judged by the planned findings and by no others', async (_, of) => {
  expect(plannedFindings(of).sort()).toEqual((await judgedFindings(of)).sort());
});
