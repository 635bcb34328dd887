import { expect, test } from 'vitest';
import { failingRun, inconclusiveRun, passingRun } from '../../tests/support/runs/runs.ts';
import type { ReportInput } from '../report/report-input.ts';
import { type Shown, worseOf } from './notifying.ts';

const shown = (input: ReportInput, runFolder: string): Shown => ({ outcome: input.verdict.outcome, input, runFolder });

test('of several runs the first of the worst is shown, and none where all passed', () => {
  const runs = [passingRun(), inconclusiveRun(), failingRun(), failingRun(), passingRun()].map((input, at) =>
    shown(input, `run-${at}`),
  );
  const worstOf = (some: Shown[]) => some.reduce(worseOf, undefined as Shown | undefined)?.runFolder;
  expect(worstOf(runs)).toBe('run-2');
  expect(worstOf(runs.slice(0, 2))).toBe('run-1');
  expect(worstOf(runs.slice(0, 1))).toBeUndefined();
});
