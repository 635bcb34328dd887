import { durationMs } from '../durations.ts';
import type { Holds } from '../holds.ts';
import type { Effect } from './action.ts';

/** Holds names for the time that the action's parameter says, or longer where another action holds them too. */
export async function held(holds: Holds, names: readonly string[], duration: string | undefined): Promise<Effect> {
  await holds.hold(names);
  return { lastsMs: durationMs(duration ?? '') ?? 0, undo: () => holds.release(names) };
}
