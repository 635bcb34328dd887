import { join } from 'node:path';
import type { Undo } from '../model/fault.ts';
import { rootFolder, startOutliving } from '../runtime/processes.ts';

const script = join(rootFolder, 'bin', 'expire.sh');
const cli = join(rootFolder, 'src', 'cli', 'main.ts');

/**
 * What sees to it that the changes of a journal end in their time, whatever has become of the drill: a process for each that has
 * an expiry, which makes the undo if nobody else has. Where none can be started, the next command is left, as for any change.
 */
export class Expiries implements AsyncDisposable {
  readonly #journal: string;
  readonly #timers = new AsyncDisposableStack();

  constructor(journal: string) {
    this.#journal = journal;
  }

  /** To be called before the change is made. Call what it returns once the change has been undone. */
  start({ expiresAtMs }: Undo): () => void {
    if (expiresAtMs === undefined) return () => {};
    const at = String(Math.ceil(expiresAtMs / 1_000));
    const timer = startOutliving('/bin/sh', [script, this.#journal, at, process.execPath, cli, 'cleanup']);
    this.#timers.use(timer);
    return () => void timer[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose] = (): Promise<void> => this.#timers.disposeAsync();
}
