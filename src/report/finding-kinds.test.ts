import { expect, test } from 'vitest';
import { passingRun } from '../../tests/support/runs/runs.ts';
import { byKind, kindOf } from './finding-kinds.ts';

test.each([
  ['peak', 'Peak'],
  ['fault.proven', 'Fault'],
  ['recovery.write', 'Recovery'],
  ['latency-checkout-peak', 'Latency'],
  ['orders', 'Orders'],
  ['failures.reads.fault', 'Failed calls'],
  ['refusal', 'Failed calls'],
  ['sessions', 'Sessions'],
  ['restarts', 'Capacity'],
  ['pods-available', 'Capacity'],
  ['untouched.on-demand', 'Capacity'],
  ['autoscaling', 'Capacity'],
  ['error-budget.api', 'Error budget'],
  ['errorBudget', 'Error budget'],
  ['anything else', 'Trust'],
])('%s is about %s', (id, kind) => {
  expect(kindOf({ id })).toBe(kind);
});

test('no finding is left out', () => {
  const { findings } = passingRun().verdict;
  expect(byKind(findings).flatMap((group) => group.findings)).toHaveLength(findings.length);
});
