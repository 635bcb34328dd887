import { Stopped } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import { nowMs } from '../runtime/clock.ts';

/** One Ctrl-C reaches us twice below npm, which passes it on: within this time it is still the same one. */
const sameKeyPressMs = 700;

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) ends the drill in order and undoes what it changed. The second leaves at
 * once: everything we started watches its stdin and ends by itself, and the next command cleans up what is left.
 */
export function stopOnSignals(say: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (firstAtMs === 0) {
      firstAtMs = nowMs();
      say(`${signal}: undoing and tearing down; once more to leave at once`);
      controller.abort(new Stopped('interrupted', `interrupted by ${signal}`));
    } else if (nowMs() - firstAtMs > sameKeyPressMs) {
      say('leaving at once; what was started ends by itself, the next command cleans up the rest');
      process.exit(exitCodes.stopped);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}
