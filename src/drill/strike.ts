import { cannotTell } from '../model/errors.ts';
import type { Emit } from '../model/evidence.ts';
import { type ActiveFault, type FaultContext, type PickedFault, type Proof, usualFaultLimits } from '../model/fault.ts';
import { nowMs, rejectsOn, within } from '../runtime/clock.ts';
import type { FollowedLoad } from './follow-load.ts';

interface Strike {
  fault: PickedFault | null;
  context: FaultContext;
  load: FollowedLoad;
  emit: Emit;
  onProgress: (message: string) => void;
}

/**
 * Waits for the proven peak, injects, proves that it bit while the load is on, keeps the load on to its end, and
 * undoes.
 */
export async function strikeAtPeak({ fault, context, load, emit, onProgress }: Strike): Promise<void> {
  // When something ends the drill, its load is not waited for.
  const over = rejectsOn(context.signal);
  over.catch(() => {});
  const loadEnded = async () => await Promise.race([load.ended, over]);
  const noPeak = await Promise.race([load.faultDue, over]);
  if (noPeak !== null) {
    const message = fault ? `nothing was injected: ${noPeak}` : noPeak;
    emit({ kind: 'problem', atMs: nowMs(), about: 'load', message });
    return await loadEnded();
  }
  if (!fault) return await loadEnded();
  const { kind } = fault;
  const before = await fault.way.holdsAlready?.(context);
  if (before !== undefined) {
    const message = `nothing was injected: ${holdsAlready(kind, before)}`;
    emit({ kind: 'problem', atMs: nowMs(), about: 'recovery', message });
    return await loadEnded();
  }
  emit({ kind: 'fault', atMs: nowMs(), fault: kind, state: 'injecting' });
  const active = await injectInTime(fault, context);
  await using _undo = undoing(active, fault, emit, onProgress);
  load.struck(active.injectedAtMs);
  emit({ kind: 'fault', atMs: active.injectedAtMs, fault: kind, state: 'injected' });
  const { provenAtMs, proof } = await proveUnderLoad(active, load, context.signal);
  const state = provenAtMs === null ? 'not-proven' : 'proven';
  emit({ kind: 'fault', atMs: provenAtMs ?? nowMs(), fault: kind, state, detail: proof });
  await loadEnded();
}

/** An injection that is told to end may have to undo what it did. If it succeeds after all, it is undone then. */
function injectInTime({ kind, way }: PickedFault, context: FaultContext): Promise<ActiveFault> {
  const { limits = usualFaultLimits } = way;
  return within(
    `injecting ${kind}`,
    {
      timeoutMs: limits.injectMs,
      graceMs: limits.undoMs,
      signal: context.signal,
      late: (active) => active.undo().catch(() => {}),
    },
    (signal) => way.inject({ ...context, signal }),
  );
}

/** Why a fault is refused if its proof holds before it. */
export const holdsAlready = (kind: string, proof: string): string =>
  `what would prove ${kind} is so before it (${proof}), so that it would prove nothing`;

/** A fault that bites once nobody shops any more was not withstood. */
async function proveUnderLoad(active: ActiveFault, load: FollowedLoad, drillSignal: AbortSignal): Promise<Proof> {
  const over = new AbortController();
  const loadIsOver = () => over.abort(cannotTell('the load ended'));
  void load.ended.then(loadIsOver, loadIsOver);
  const signal = AbortSignal.any([drillSignal, over.signal]);
  try {
    return await Promise.race([active.prove(signal), rejectsOn(signal)]);
  } catch (error) {
    drillSignal.throwIfAborted();
    if (!over.signal.aborted) throw error;
    return { provenAtMs: null, proof: 'not before the load ended' };
  }
}

/** Undoes a fault when the drill leaves it, however it does. */
function undoing(
  active: ActiveFault,
  { kind, way: { limits = usualFaultLimits } }: PickedFault,
  emit: Emit,
  onProgress: (message: string) => void,
): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      onProgress(`undoing ${kind}, for at most ${Math.ceil(limits.undoMs / 1000)} s`);
      const { revertedAtMs } = await within(`undoing ${kind}`, { timeoutMs: limits.undoMs }, () => active.undo());
      if (revertedAtMs === null) onProgress(`${kind} was taken back, but the platform did not become healthy`);
      else emit({ kind: 'fault', atMs: revertedAtMs, fault: kind, state: 'reverted' });
    },
  };
}
