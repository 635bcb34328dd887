import type { Cluster } from '../model/facets.ts';
import type { Lane, SentinelTick } from '../model/lane.ts';
import { waitFor } from '../runtime/clock.ts';

/** Seconds in a row in which every probe must be answered rightly. */
const steadySeconds = 2;
const timeoutMs = 20_000;
/** A platform may take its time to look at its pods, and to tell their start from their use. */
const measuredTimeoutMs = 40_000;

/** Watches the sentinel's ticks for the steady state: every lane at its full rate, and no probe failed. */
export function steadyStateWatch(lanes: Lane[]) {
  let steadyTicks = 0;
  let trouble = 'the sentinel has said nothing yet';
  return {
    onTick(tick: SentinelTick): void {
      const problems = lanes.flatMap((lane) => problemOf(lane, tick));
      steadyTicks = problems.length === 0 ? steadyTicks + 1 : 0;
      trouble = problems.join('; ');
    },
    /** Resolves once the state is steady; rejects with what was still wrong. */
    held: (signal: AbortSignal): Promise<true> =>
      waitFor(
        'the steady state before the load',
        () => {
          if (steadyTicks >= steadySeconds) return true;
          throw new Error(trouble);
        },
        { timeoutMs, intervalMs: 100, signal },
      ),
  };
}

/** Waits until the platform knows the CPU use of every ready pod: until then autoscaling adds none. */
export const untilMeasured = (cluster: Cluster, signal: AbortSignal): Promise<boolean> =>
  waitFor(
    "the platform to know its pods' CPU use",
    async () => {
      const unknown = (await cluster.inventory()).pods.filter(({ ready, cpuRatio }) => ready && cpuRatio === null);
      if (unknown.length === 0) return true;
      throw new Error(`it is unknown of ${unknown.map(({ name }) => name).join(', ')}`);
    },
    { timeoutMs: measuredTimeoutMs, intervalMs: 250, signal },
  );

function problemOf({ lane, intervalMs }: Lane, tick: SentinelTick): string[] {
  const probesPerSecond = 1_000 / intervalMs;
  const { good, failed } = tick.lanes[lane] ?? { good: 0, failed: 0 };
  if (failed > 0) return [`${lane}: ${failed} probes failed`];
  return good < probesPerSecond * 0.9 ? [`${lane}: ${good} of ${probesPerSecond} probes answered`] : [];
}
