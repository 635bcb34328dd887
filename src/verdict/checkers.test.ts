import { expect, test } from 'vitest';
import { good, orders, plan } from '../../tests/support/test-drill.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { checkers, plannedFindings, plannedPromises } from './checkers.ts';
import { judge } from './judge.ts';

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
const withoutFault: Plan = { ...plan, fault: null, objectives: { ...plan.objectives, recovery: [] } };

const withReplicas: Plan = { ...plan, probesReplicas: true };

/** A run that began, and about which nothing else is known but its orders. */
const uncompared = { ...orders, wrong: null, compared: null };
const nothing: Facts = { ...good, fault: null, latency: [], recovery: [], budgets: null, orders: uncompared };

test.each([
  ['a drill with a fault', plan],
  ['a drill without one', withoutFault],
  ['a drill with all objectives', everything],
  ['a drill on a target whose replicas are probed', withReplicas],
])('%s is judged by the planned findings and by no others, whatever was measured', (_, of) => {
  const judged = judge(nothing, of).findings.map(({ id }) => id);
  expect(judged).toEqual(plannedFindings(of));
  expect(new Set(judged).size).toBe(judged.length);
});

test('what is measured beside what was planned adds findings, and takes none away', () => {
  const judged = judge(good, plan).findings.map(({ id }) => id);
  expect(judged).toEqual(expect.arrayContaining(plannedFindings(plan)));
  expect(judged.filter((id) => !plannedFindings(plan).includes(id))).toEqual(['recovery.replicas', 'orders.wrong']);
});

test('replicas are judged where they are to be probed, and a recovery is promised', () => {
  expect(plannedFindings(withReplicas)).toContain('recovery.replicas');
  expect(judge({ ...good, orders: uncompared }, withReplicas).findings.map(({ id }) => id)).toEqual(
    plannedFindings(withReplicas),
  );
  const nothingPromised = { ...withReplicas, objectives: { ...plan.objectives, recovery: [] } };
  expect(plannedFindings(nothingPromised)).not.toContain('recovery.replicas');
});

test('orders that are never read back have no finding', () => {
  const unread = { ...plan, readsOrders: false };
  expect(plannedFindings(unread).some((id) => id.startsWith('orders'))).toBe(false);
  const { findings } = judge({ ...nothing, orders: null }, unread);
  expect(findings.map(({ id }) => id)).toEqual(plannedFindings(unread));
});

test('each finding begins with the name of its checker, which no other has', () => {
  const ids = checkers.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, findings } of checkers)
    for (const finding of findings(everything))
      expect(finding === id || finding.startsWith(`${id}.`), finding).toBe(true);
});

test('every promise is told beforehand, with what this profile can say of it', () => {
  const objectives = { ...everything.objectives, recovery: [{ path: 'write' as const, objectiveMs: 40_000 }] };
  expect(plannedPromises({ ...everything, objectives })).toEqual([
    'writes back within 40 s: it cannot be missed in the 40 s that this profile watches, so it is reported, not judged',
    'API p99 < 100 ms at baseline: too few',
    'API p99 < 100 ms at peak: about 12000 calls',
    'checkout p99 < 200 ms at peak: about 486 calls',
    'at most 1 % of the reads fail at peak',
    'at most 1 % of the reads fail during the fault',
    'a write that cannot be served is refused within 250 ms (median)',
    'no session is lost',
    'as many pods as the load asks for within 60 s',
    'at most 1 of the wanted pods are not ready',
    'no pod ends without a known cause',
    'no pod on on-demand nodes ends',
  ]);
  expect(plannedPromises(plan)).toContain('writes back within 30 s');
  expect(plannedPromises(withoutFault).join()).not.toMatch(/back within/);
});
