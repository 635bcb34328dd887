import type { Emit } from '../model/evidence.ts';
import type { ActiveFault, Fault, FaultContext } from '../model/fault.ts';
import { nowMs } from '../runtime/clock.ts';
import type { FollowedLoad } from './follow-load.ts';

interface Strike {
  fault: Fault | null;
  context: FaultContext;
  load: FollowedLoad;
  emit: Emit;
  onProgress: (message: string) => void;
}

/** Waits for the proven peak, injects, proves that it bit, keeps the load on to its end, and undoes. */
export async function strikeAtPeak({ fault, context, load, emit, onProgress }: Strike): Promise<void> {
  const peak = await load.faultDue;
  if (!peak.peakProven) {
    const unstruck = fault ? ', so nothing was injected' : '';
    emit({
      kind: 'problem',
      atMs: nowMs(),
      about: 'load',
      message: `the peak was not proven${unstruck}: ${peak.reason}`,
    });
    return await load.ended;
  }
  if (!fault) return await load.ended;
  const { kind } = fault;
  emit({ kind: 'fault', atMs: nowMs(), fault: kind, state: 'injecting' });
  const active = await fault.inject(context);
  await using _undo = undoing(active, kind, emit, onProgress);
  load.struck(active.injectedAtMs);
  emit({ kind: 'fault', atMs: active.injectedAtMs, fault: kind, state: 'injected' });
  const { provenAtMs, proof } = await active.prove();
  const state = provenAtMs === null ? 'not-proven' : 'proven';
  emit({ kind: 'fault', atMs: provenAtMs ?? nowMs(), fault: kind, state, detail: proof });
  await load.ended;
}

/** Undoes a fault when the drill leaves it, by whatever way. */
function undoing(
  active: ActiveFault,
  fault: string,
  emit: Emit,
  onProgress: (message: string) => void,
): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      const { revertedAtMs } = await active.undo();
      if (revertedAtMs === null) onProgress(`${fault} was taken back, but the platform did not become whole`);
      else emit({ kind: 'fault', atMs: revertedAtMs, fault, state: 'reverted' });
    },
  };
}
