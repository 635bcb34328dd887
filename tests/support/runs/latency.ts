import type { LatencyFact } from '../../../src/model/facts.ts';
import { type Phase, phases } from '../../../src/model/objectives.ts';
import { counts } from './plan.ts';
import type { Shape } from './shape.ts';

const secondsOf: Record<Phase, number> = { baseline: 8, ramp: 8, peak: 17, fault: 30, recovered: 7 };

export const latencyOf = (shape: Shape): LatencyFact[] =>
  (['api', 'checkout'] as const).flatMap((path) =>
    phases.map((phase): LatencyFact => {
      const limitMs = path === 'api' ? 100 : 200;
      const calmMs = path === 'api' ? 61.274 : shape.checkoutP99Ms;
      const p99Ms = phase === 'peak' ? calmMs : calmMs * 0.81;
      const [count, seconds] = [counts[path][phase], secondsOf[phase]];
      // While writes are away every order fails.
      const failed = phase === 'fault' && path === 'checkout' ? 131 : 0;
      const slow = p99Ms > limitMs ? Math.ceil(count * 0.04) : 0;
      const told = (ms: number) => (failed > 0 ? 'failed' : ms);
      return {
        path,
        phase,
        count,
        failed,
        bad: failed + slow,
        limitMs,
        p50Ms: p99Ms * 0.21,
        p95Ms: p99Ms * 0.62,
        p99Ms: told(p99Ms),
        p999Ms: told(p99Ms * 1.4),
        error: 0.05,
        p99LowMs: told(p99Ms * 0.93),
        p99HighMs: count > 300 ? told(p99Ms * 1.08) : null,
        succeeded: { count: count - failed, p50Ms: p99Ms * 0.21, p99Ms },
        badBySecond: spread(failed + slow, seconds),
        seconds,
        lateBad: 0,
        robbed: { seconds: 0, calls: 0, bad: 0, leftOut: false },
        worstSecond: null,
      };
    }),
  );

/** Spread over the seconds as evenly as whole calls allow, largest first. */
const spread = (bad: number, seconds: number): number[] =>
  Array.from({ length: seconds }, (_, second) => Math.ceil((bad - second) / seconds)).filter((many) => many > 0);
