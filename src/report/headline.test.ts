import { expect, test } from 'vitest';
import { noFaultRun } from '../../tests/support/runs/no-fault.ts';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { failingRun, inconclusiveRun, interruptedRun, passingRun } from '../../tests/support/runs/runs.ts';
import { headline } from './headline.ts';

test('a pass tells how soon the shop was back', () => {
  expect(headline(passingRun())).toMatch(
    /^All 16 findings passed; this profile leaves 2 promises open\. Writes recovered 6\.42 s after the injection/,
  );
});

test('a pass counts what counts, and tells what this profile cannot decide', () => {
  expect(headline(nodeLossRun())).toMatch(
    /^All 19 findings passed; this profile leaves 2 promises open, and 2 promises could not be missed in it\. /,
  );
  const { verdict, ...rest } = passingRun();
  const findings = verdict.findings.filter(({ leftOpen }) => !leftOpen);
  expect(headline({ ...rest, verdict: { ...verdict, findings } })).toMatch(/^All 16 findings passed\. /);
});

test('what was left open and turned out broken counts as failed', () => {
  const { verdict, ...rest } = passingRun();
  const findings = verdict.findings.map((finding) =>
    finding.id === 'latency.checkout.baseline' ? { ...finding, outcome: 'fail' as const } : finding,
  );
  expect(headline({ ...rest, verdict: { ...verdict, outcome: 'fail', findings } })).toMatch(
    /^1 of 17 findings failed\. /,
  );
});

test('a pass without a fault tells how soon there were pods enough', () => {
  expect(headline(noFaultRun())).toMatch(/ passed; .* open\. There were enough ready pods 9 s after the peak began/);
});

test('a failure tells the worst finding first', () => {
  expect(headline(failingRun())).toMatch(/^5 of 16 findings failed\. Writes had not recovered/);
});

test('what could not be judged is never told as good news', () => {
  expect(headline(inconclusiveRun())).toMatch(
    /^Nothing is known to be broken, but 6 of 17 findings could not be judged\./,
  );
});

test('a run that ended early says so first', () => {
  expect(headline(interruptedRun())).toMatch(/^The run ended early: interrupted by SIGINT\. /);
  const { plan, facts, verdict } = interruptedRun();
  expect(
    headline({
      plan,
      facts: { ...facts, run: { ...facts.run, reason: 'k6 ended' } },
      verdict: { ...verdict, status: 'crashed', findings: [] },
    }),
  ).toBe('The run ended early: k6 ended. Nothing was measured, so nothing can be said.');
});
