import type { Finding, Outcome, Verdict } from '../../../src/model/verdict.ts';
import type { Shape } from './shape.ts';

export function findingsOf(
  shape: Shape,
  latency: Verdict['latency'],
  recovery: Verdict['recovery'],
  orders: Outcome,
  { promises }: Verdict['errorBudget'],
): Finding[] {
  const finding = (
    id: string,
    title: string,
    outcome: Outcome | null,
    message: string,
    evidence: Finding['evidence'],
  ): Finding => ({ id, title, outcome, message, evidence });
  return [
    finding(
      'peak',
      'Peak proven before the fault',
      'pass',
      '639.7 requests/s held for 10 s of 640 planned, none dropped.',
      { achieved: 639.7, planned: 640, dropped: 0 },
    ),
    finding(
      'fault',
      'The fault bit',
      'pass',
      'The cluster’s writer changed from db-a to db-b 2.11 s after the order.',
      { provenAfterMs: 2110 },
    ),
    ...recovery.map((item) =>
      finding(
        `recovery.${item.path}`,
        `Recovery of ${item.path}s`,
        item.outcome,
        item.actualMs === null
          ? `The ${item.path}s did not recover within the 36.7 s that were observed; the objective is 30 s.`
          : `The ${item.path}s were restored ${(item.actualMs / 1000).toFixed(2)} s after the injection (objective 30 s, uncertainty 10 ms).`,
        { actualMs: item.actualMs, objectiveMs: item.objectiveMs },
      ),
    ),
    finding(
      'recovery.replicas',
      'Recovery of each replica',
      shape.recoveryS === null ? 'fail' : 'pass',
      shape.recoveryS === null
        ? 'api-7f9c-c1 did not serve again in 36.79 s; objective 30 s.'
        : 'Each of 3 replicas in service serves again; objective 30 s.',
      { inService: 3, takenAway: 0, notBack: shape.recoveryS === null ? 'api-7f9c-c1' : '' },
    ),
    ...latency.flatMap((row) =>
      row.outcome === null
        ? []
        : [
            {
              ...finding(
                `latency.${row.path}.${row.phase}`,
                `${row.path === 'api' ? 'API' : 'Checkout'} p99 at ${row.phase}`,
                row.outcome,
                `${row.bad} of ${row.count} calls were bad; p99 was ${row.p99Ms} ms, limit ${row.limitMs} ms.`,
                { bad: row.bad, count: row.count, limitMs: row.limitMs },
              ),
              ...(row.outcome === 'inconclusive' && { leftOpen: true as const }),
            },
          ],
    ),
    finding(
      'orders',
      'No acknowledged order is lost or doubled',
      orders,
      `${shape.lost} of 1,301 acknowledged orders were lost, 0 were duplicated.`,
      { lost: shape.lost, duplicated: 0 },
    ),
    ...promises.map(({ path, burnedRatio, isLowerBound, outcome }) =>
      finding(
        `error-budget.${path}`,
        `${path === 'api' ? 'API' : 'Checkout'} error budget`,
        outcome,
        `${isLowerBound ? 'At least ' : ''}${((burnedRatio ?? 0) * 100).toFixed(1)} % of the 30-day budget was burned; a drill may burn 25 %.`,
        { burnedRatio, isLowerBound },
      ),
    ),
    finding('host', 'The host kept up', 'pass', 'CPU pressure 4.1 %, steal 0 %, probes at most 2.1 ms late (p99).', {
      cpuPressureRatio: 0.041,
    }),
  ];
}
