import { InUse } from '../model/errors.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';

export interface Patience {
  /** Epoch ms; undefined: whoever finds it in use is refused at once. */
  untilMs: number | undefined;
  signal?: AbortSignal;
  say: (message: string) => void;
}

const lookEveryMs = 2_000;
const sayEveryMs = 30_000;

/**
 * Takes a lock, and waits where another drill has it. Who has it is said at once, whenever that changes, and every half minute.
 * @param take throws InUse where another drill has it
 * @throws what `take` throws: InUse once the time is up; the signal's reason when it aborts
 */
export async function whenFree<T>(take: () => Promise<T>, { untilMs = 0, signal, say }: Patience): Promise<T> {
  let said = { holder: '', atMs: 0 };
  for (;;) {
    const taken = await take().then(
      (lock) => ({ lock }),
      (error: unknown) => {
        if (error instanceof InUse && nowMs() < untilMs) return error;
        throw error;
      },
    );
    if (!(taken instanceof InUse)) return taken.lock;
    if (taken.holder !== said.holder || nowMs() - said.atMs >= sayEveryMs) {
      say(waitingText(taken, untilMs - nowMs()));
      said = { holder: taken.holder, atMs: nowMs() };
    }
    await sleepMs(lookEveryMs, signal);
  }
}

function waitingText({ message, sinceMs }: InUse, leftMs: number): string {
  const since = sinceMs === undefined ? '' : `, since ${inWords(nowMs() - sinceMs)}`;
  return `waiting for at most ${inWords(leftMs)}: ${message}${since}`;
}

const inWords = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};
