import { expect, test } from 'vitest';
import { passingRun, rehearsedRun } from '../../tests/support/runs/runs.ts';
import type { ReportInput } from '../report/report-input.ts';
import { reviewDrill } from './review-drill.ts';

const asked = { drill: 'aurora-failover', title: 'Aurora fails over', runsNeeded: 1, plan: '0'.repeat(64) };
const reviewed = (...runs: ReportInput[]) =>
  reviewDrill(
    asked,
    runs.map(({ verdict, facts }, index) => ({
      folder: `evidence/${index}`,
      sha256: '0'.repeat(64),
      verdict,
      facts,
      capacity: null,
    })),
    [],
  );

test('a step that somebody did in any run is rehearsed, with who and when', () => {
  const { runbook } = reviewed(rehearsedRun(), { ...rehearsedRun(), facts: unrehearsed() });
  expect(runbook?.filter(({ doneAt }) => doneAt !== null)).toMatchObject([
    { by: 'Ada Lovelace', doneAt: '2026-11-27T09:00:41.500Z' },
  ]);
  expect(runbook).toHaveLength(3);
});

function unrehearsed(): ReportInput['facts'] {
  const { facts } = rehearsedRun();
  const steps = facts.runbook?.steps.map((step) => ({ ...step, doneAt: null, by: null })) ?? [];
  return { ...facts, runbook: facts.runbook && { ...facts.runbook, steps } };
}

test('without a runbook nothing is said of one', () => {
  expect(reviewed(passingRun()).runbook).toBeNull();
});
