import { robber } from '../analysis/robbed-seconds.ts';
import type { Emit, Observation } from '../model/evidence.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';

/** Seconds in a row in which nobody took the CPU from the drill. */
const calmSeconds = 2;
const usualTimeoutMs = 30_000;
/** A shorter wait is not worth a word. */
const quietMs = 1_000;

/** Watches the looks at the host for a calm stretch to begin the load in. */
export function calmHostWatch(timeoutMs = usualTimeoutMs) {
  let calmLooks = 0;
  let trouble = 'nobody has looked at the host yet';
  const isCalm = () => calmLooks >= calmSeconds;
  return {
    onLook(observation: Observation): void {
      if (observation.kind !== 'host') return;
      const by = robber(observation);
      calmLooks = by === null ? calmLooks + 1 : 0;
      if (by === 'stolen') trouble = takenBy('the hypervisor', observation.stealRatio);
      if (by === 'neighbour') trouble = takenBy('other programs', observation.neighbourRatio);
    },
    /** Waits for the calm, for a bounded time: on a host that does not calm down, the drill goes on anyway. */
    async held(emit: Emit, progress: (message: string) => void, signal: AbortSignal): Promise<void> {
      const startMs = nowMs();
      const tell = (state: 'started' | 'finished', message?: string) =>
        emit({ kind: 'step', atMs: nowMs(), step: 'calm host', state, ...(message && { message }) });
      tell('started');
      for (let hasSaid = false; !isCalm() && nowMs() - startMs < timeoutMs; ) {
        await sleepMs(100, signal);
        if (hasSaid || isCalm() || nowMs() - startMs < quietMs) continue;
        hasSaid = true;
        progress(`waiting for a calm host, at most ${timeoutMs / 1000} s: ${trouble}`);
      }
      tell('finished', isCalm() ? undefined : `not calm after ${timeoutMs / 1000} s, going on: ${trouble}`);
    },
  };
}

const takenBy = (whom: string, ratio: number | null | undefined): string =>
  `${whom} took ${Math.round((ratio ?? 0) * 100)} % of the CPU time`;
