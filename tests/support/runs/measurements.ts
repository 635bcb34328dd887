import { type Phase, phases } from '../../../src/model/objectives.ts';
import type { Outcome, Verdict } from '../../../src/model/verdict.ts';
import { counts, fewest } from './plan.ts';
import { injectedS, iso, type Shape } from './shape.ts';

export function latencyOf(shape: Shape): Verdict['latency'] {
  const rows: Verdict['latency'] = [];
  for (const path of ['api', 'checkout'] as const) {
    for (const phase of phases) {
      const limitMs = path === 'api' ? 100 : 200;
      const p99Ms =
        path === 'checkout' ? shape.checkoutP99Ms * (phase === 'peak' ? 1 : 0.81) : phase === 'peak' ? 61.274 : 38.9;
      const count = counts[path][phase];
      const failed = phase === 'fault' && path === 'checkout' ? 131 : 0;
      rows.push({
        path,
        phase,
        count,
        limitMs,
        bad: failed > 0 ? failed : p99Ms > limitMs ? Math.ceil(count * 0.04) : Math.floor(count * 0.002),
        p50Ms: p99Ms * 0.21,
        p95Ms: p99Ms * 0.62,
        p99Ms: failed > 0 ? 'failed' : p99Ms,
        p999Ms: failed > 0 ? 'failed' : p99Ms * 1.4,
        p99LowMs: failed > 0 ? 'failed' : count > 100 ? p99Ms * 0.93 : null,
        p99HighMs: failed > 0 ? 'failed' : count > 300 ? p99Ms * 1.08 : null,
        succeeded: { count: count - failed, p50Ms: p99Ms * 0.21, p99Ms },
        robbed: { seconds: 0, calls: 0, bad: 0, leftOut: false },
        outcome: outcomeOf(phase, count, p99Ms > limitMs),
      });
    }
  }
  return rows;
}

/** No promise covers the ramp and the outage; one that is kept with too few calls is left open. */
function outcomeOf(phase: Phase, count: number, isBroken: boolean): Outcome | null {
  if (phase === 'ramp' || phase === 'fault') return null;
  if (isBroken) return 'fail';
  return count < fewest ? 'inconclusive' : 'pass';
}

type Lane = NonNullable<Verdict['recovery'][number]['lanes']>[number];

const laneOf = (lane: string, intervalMs: number, actualMs: number | null): Lane => ({
  lane,
  connection: lane.endsWith('new') ? 'new' : 'pooled',
  intervalMs,
  outageStart: iso(injectedS + 0.142),
  startUncertaintyMs: intervalMs,
  outageEnd: actualMs === null ? null : iso(injectedS + actualMs / 1000),
  serviceRestoredMs: actualMs,
  performanceRestoredMs: actualMs,
  uncertaintyMs: intervalMs,
  badMs: actualMs ?? 36_700,
  flaps: 0,
});

export function recoveryOf({ recoveryS }: Shape): Verdict['recovery'] {
  const actualMs = recoveryS === null ? null : recoveryS * 1000;
  const end = recoveryS ?? 36.7;
  const outcome: Outcome = recoveryS === null ? 'fail' : 'pass';
  return [
    {
      path: 'write',
      objectiveMs: 30_000,
      actualMs,
      uncertaintyMs: 10,
      outageStart: iso(injectedS + 0.142),
      outageEnd: recoveryS === null ? null : iso(injectedS + recoveryS),
      badMs: end * 1000 - 142,
      flaps: recoveryS === null ? 3 : 0,
      serviceRestoredMs: actualMs,
      performanceRestoredMs: actualMs === null ? null : actualMs + 890,
      phases: [
        { name: 'first client error', startMs: 0, endMs: 142 },
        { name: 'detection', startMs: 142, endMs: 611 },
        { name: 'promotion', startMs: 611, endMs: 2107 },
        { name: 'endpoint flip', startMs: 2107, endMs: 5122 },
        { name: 'first acknowledged write', startMs: 5122, endMs: 5634.5 },
        ...(recoveryS === null ? [] : [{ name: 'pools full', startMs: 5634.5, endMs: recoveryS * 1000 }]),
      ],
      lanes: [
        laneOf('edge-write-pooled', 10, actualMs),
        laneOf('edge-write-new', 80, actualMs === null ? null : actualMs - 320),
      ],
      replicas: [
        { replica: 'api-7f9c-a1', zone: 'zone-a', actualMs: 5634.5, takenAway: null },
        { replica: 'api-7f9c-b1', zone: 'zone-b', actualMs: 5911.2, takenAway: null },
        { replica: 'api-7f9c-c1', zone: 'zone-c', actualMs, takenAway: null },
      ],
      outcome,
    },
    {
      path: 'read',
      objectiveMs: 30_000,
      actualMs: 811.4,
      uncertaintyMs: 10,
      outageStart: iso(injectedS + 0.139),
      outageEnd: iso(injectedS + 0.9504),
      badMs: 640,
      flaps: 1,
      serviceRestoredMs: 811.4,
      performanceRestoredMs: 1290,
      phases: [],
      replicas: [],
      outcome: 'pass',
    },
  ];
}
