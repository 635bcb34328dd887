import { limitOf } from '../analysis/limits.ts';
import type { LiveCall } from '../load/live-calls.ts';
import { allowedBadShare, errorOfEachTry, errorOfLook, type Plan } from '../model/plan.ts';
import type { LatencyPath } from '../model/profile.ts';
import { type Events, shareBounds, total } from '../statistics/share.ts';

type HeldPhase = 'peak' | 'recovered';

/** Calls of a path that started in one second. */
interface Second {
  calls: number;
  /** By the limit of each phase. */
  bad: Record<HeldPhase, number>;
}

/** What is known about the calls while the load is on, second by second. */
export class LiveLatency {
  readonly #plan: Plan;
  /** Looked up once: calls are taken while the load is on, beside the shop. */
  readonly #limitsMs: Record<LatencyPath, Record<HeldPhase, number>>;
  readonly #seconds = new Map<LatencyPath, Map<number, Second>>();

  constructor(plan: Plan) {
    this.#plan = plan;
    const limitMs = (path: LatencyPath, phase: HeldPhase) => limitOf(plan, path, phase) ?? Infinity;
    const limitsMs = (path: LatencyPath) => ({ peak: limitMs(path, 'peak'), recovered: limitMs(path, 'recovered') });
    this.#limitsMs = { api: limitsMs('api'), checkout: limitsMs('checkout') };
  }

  take(calls: readonly LiveCall[]): void {
    for (const { startMs, wallMs, failed, path } of calls) {
      const second = this.#secondOf(path, Math.floor(startMs / 1000));
      second.calls += 1;
      for (const phase of ['peak', 'recovered'] as const)
        if (failed || wallMs > this.#limitsMs[path][phase]) second.bad[phase] += 1;
    }
  }

  #secondOf(path: LatencyPath, at: number): Second {
    const seconds = this.#seconds.get(path) ?? new Map<number, Second>();
    this.#seconds.set(path, seconds);
    const second = seconds.get(at) ?? { calls: 0, bad: { peak: 0, recovered: 0 } };
    seconds.set(at, second);
    return second;
  }

  /**
   * The latency promises of a phase that its whole seconds so far neither keep nor break, in words; those that the plan
   * leaves open anyway are not waited for.
   * @param look how often the phase has already been held on.
   * @param robbed robbed seconds: they do not count when the run is judged.
   */
  undecided(
    phase: HeldPhase,
    { fromMs, toMs }: { fromMs: number; toMs: number },
    look: number,
    robbed: ReadonlySet<number>,
  ): string[] {
    const error = errorOfLook(look, this.#plan.profile.holdOnTimes ?? 0);
    return this.#plan.samples
      .filter((sample) => sample.phase === phase && sample.judged)
      .flatMap(({ path }) => {
        const all = this.#events(path, phase, { fromMs, toMs }, new Set());
        const rest = this.#events(path, phase, { fromMs, toMs }, robbed);
        const left = all.seconds - rest.seconds;
        const each = errorOfEachTry(error, left);
        const { low, high } = shareBounds(rest, each);
        if (high < allowedBadShare || low > allowedBadShare || shareBounds(all, each).high < allowedBadShare) return [];
        const without = left === 0 ? '' : `, ${left} s left out that others took of the host`;
        return [`${path} p99: ${total(rest.badBySecond)} of ${rest.count} calls were slower or failed${without}`];
      });
  }

  #events(
    path: LatencyPath,
    phase: HeldPhase,
    { fromMs, toMs }: { fromMs: number; toMs: number },
    robbed: ReadonlySet<number>,
  ): Events {
    const [from, to] = [Math.ceil(fromMs / 1000), Math.floor(toMs / 1000)];
    const events = { count: 0, badBySecond: [] as number[], seconds: 0 };
    for (let at = from; at < to; at += 1) {
      if (robbed.has(at)) continue;
      const second = this.#seconds.get(path)?.get(at);
      events.seconds += 1;
      events.count += second?.calls ?? 0;
      if (second && second.bad[phase] > 0) events.badBySecond.push(second.bad[phase]);
    }
    return events;
  }
}
