import { expect, test } from 'vitest';
import { headline } from './headline.ts';
import { noFaultRun } from './test-runs/no-fault.ts';
import { failingRun, inconclusiveRun, interruptedRun, passingRun } from './test-runs/runs.ts';

test('a pass tells how soon the shop was back', () => {
  expect(headline(passingRun())).toMatch(
    /^All 11 findings passed\. The writes were restored 6\.42 s after the injection/,
  );
});

test('a pass without a fault tells how soon there were pods enough', () => {
  expect(headline(noFaultRun())).toMatch(/ passed\. Ready pods were enough 9 s after the peak began/);
});

test('a failure tells the worst finding first', () => {
  expect(headline(failingRun())).toMatch(/^4 of 11 findings failed\. The writes did not recover/);
});

test('what could not be judged is never told as good news', () => {
  expect(headline(inconclusiveRun())).toMatch(
    /^Nothing is known to be broken, but 5 of 11 findings could not be judged\./,
  );
});

test('a run that ended early says so first', () => {
  expect(headline(interruptedRun())).toMatch(/^The run was interrupted before its end\./);
  const { plan, verdict } = interruptedRun();
  expect(headline({ plan, facts: null, verdict: { ...verdict, status: 'crashed', findings: [] } })).toBe(
    'The run crashed before its end. Nothing was measured, so nothing can be said.',
  );
});
