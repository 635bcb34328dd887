import type { Plan } from '../../../src/model/plan.ts';
import { counted, type Outcome, type Verdict, worst } from '../../../src/model/verdict.ts';
import { findingsOf } from './findings.ts';
import { latencyOf, recoveryOf } from './measurements.ts';
import { command, endS, fingerprint, injectedS, iso, type Shape } from './shape.ts';

export function verdictOf(shape: Shape, plan: Plan): Verdict {
  const latency = latencyOf(shape);
  const recovery = recoveryOf(shape);
  const errorBudget = budgetOf(shape);
  const orders: Outcome = shape.lost > 0 ? 'fail' : 'pass';
  const findings = findingsOf(shape, latency, recovery, orders, errorBudget);
  return {
    schemaVersion: 2,
    drill: plan.drill,
    runId: '20261127-090000-k3f9',
    target: 'local',
    profile: plan.profile.name,
    command,
    status: 'completed',
    outcome: worst(counted(findings)),
    startedAt: iso(-12),
    finishedAt: iso(endS + 5.2),
    environment: {
      commit: '9f2c4e8ab01d5c6f7e8d9a0b1c2d3e4f5a6b7c8d',
      dirty: false,
      versions: { node: 'v24.21.0', k6: 'v2.2.0', postgresql: '18.4' },
      scale: '1:10 of the reference platform’s request rate',
      fidelity: [
        'database failover: DNS flips 3 s after the promotion (Aurora: 15-40 s)',
        'node boot: 4 s (EKS: 45-90 s tuned)',
        'load and platform share one machine',
      ],
      fingerprint,
    },
    load: {
      baselineRatePerSecond: 64.02,
      peakRatePerSecond: 639.7,
      plannedPeakRatePerSecond: 640,
      peakProvenAt: iso(26.1),
      dropped: 0,
      generator: { name: 'k6', version: 'v2.2.0', exitCode: 0, maxVus: 118, availableVus: 400 },
    },
    fault: {
      kind: 'aurora-failover',
      injectedAt: iso(injectedS),
      provenAt: iso(injectedS + 2.11),
      revertedAt: iso(injectedS + 9.4),
      proof: 'the cluster’s writer changed from db-a to db-b 2.11 s after the order',
    },
    recovery,
    latency,
    orders: {
      attempted: 1440,
      acknowledged: 1301,
      rejected: 117,
      indeterminate: 22,
      persisted: 1316 - shape.lost,
      lost: shape.lost,
      duplicated: 0,
      wrong: 0,
      recovered: 15,
      unexpected: 0,
      outcome: orders,
    },
    errorBudget,
    findings,
  };
}

/** Checkouts failed until writes were back; where they never were, that is the least that was burned. */
function budgetOf({ recoveryS }: Shape): Verdict['errorBudget'] {
  const isOpen = recoveryS === null;
  return {
    objective: 0.9995,
    windowDays: 30,
    promises: [
      {
        path: 'api',
        goodEvents: 36_376,
        badEvents: 82,
        burnedRatio: 0.001028,
        isLowerBound: false,
        outcome: 'pass',
      },
      {
        path: 'checkout',
        goodEvents: isOpen ? 640 : 1309,
        badEvents: isOpen ? 800 : 131,
        burnedRatio: isOpen ? 0.253817 : 0.041562,
        isLowerBound: isOpen,
        outcome: isOpen ? 'fail' : 'pass',
      },
    ],
  };
}
