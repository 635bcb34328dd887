import { expect, test } from 'vitest';
import { verdictSchema } from '../../model/verdict.ts';
import { failingRun, hostileRun, inconclusiveRun, interruptedRun, passingRun } from './runs.ts';

test.each([
  ['pass', passingRun()],
  ['fail', failingRun()],
  ['inconclusive', inconclusiveRun()],
  ['inconclusive', interruptedRun()],
  ['fail', hostileRun()],
])('the runs that reports are tested with are valid verdicts: %s', (outcome, { verdict }) => {
  expect(verdictSchema.parse(verdict).outcome).toBe(outcome);
});
