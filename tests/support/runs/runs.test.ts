import { expect, test } from 'vitest';
import { verdictSchema } from '../../../src/model/verdict.ts';
import { noFaultRun } from './no-fault.ts';
import { nodeLossRun } from './node-loss.ts';
import { failingRun, hostileRun, inconclusiveRun, interruptedRun, passingRun } from './runs.ts';

test.each([
  ['pass', passingRun()],
  ['pass', nodeLossRun()],
  ['pass', noFaultRun()],
  ['fail', failingRun()],
  ['inconclusive', inconclusiveRun()],
  ['inconclusive', interruptedRun()],
  ['fail', hostileRun()],
])('the runs that reports are tested with are valid verdicts: %s', (outcome, { verdict }) => {
  expect(verdictSchema.parse(verdict).outcome).toBe(outcome);
});
