import { Stopped } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import { nowMs } from '../runtime/clock.ts';

/** One Ctrl-C reaches us twice below npm, which passes it on: within this time it is still the same one. */
const sameKeyPressMs = 700;

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) ends the drill in order and undoes what it changed. The second says what it is waiting for.
 * The third leaves at once: everything we started watches its stdin and ends by itself, and the next command undoes what is left.
 * An error that nobody caught ends it in order, too: it must not decide over the undo.
 */
export function stopOnSignals(say: (line: string) => void, waitingFor: () => string): AbortSignal {
  const controller = new AbortController();
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  const onSignal = (signal: string) => {
    if (nowMs() - lastAtMs <= sameKeyPressMs) return;
    lastAtMs = nowMs();
    count += 1;
    if (count === 1) {
      say(`${signal}: undoing and tearing down`);
      controller.abort(new Stopped('interrupted', `interrupted by ${signal}`));
    } else if (count === 2) {
      say(`still waiting: ${waitingFor()}. Once more quits at once, and leaves what is not undone to the next command`);
    } else {
      say('quitting at once; what was started ends by itself, and npm run tenfold -- cleanup undoes the rest');
      process.exit(exitCodes.stopped);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', (error) => {
    say(`a bug in tenfold: ${error.stack}`);
    controller.abort(error);
  });
  onceNpmHasEnded(() => controller.signal.aborted || onSignal('npm ended'));
  return controller.signal;
}

const lookEveryMs = 500;

/** npm passes SIGINT and SIGTERM on to what it runs; of any other end of it, such as SIGHUP or SIGKILL, only its absence tells. */
function onceNpmHasEnded(then: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    then();
  }, lookEveryMs).unref();
}
