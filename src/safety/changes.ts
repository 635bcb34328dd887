import { join } from 'node:path';
import type { TellLeft, Undo, WillChange } from '../model/fault.ts';
import { programAt, rootFolder, startOutliving } from '../runtime/processes.ts';
import type { Journal } from './journal.ts';

const script = join(rootFolder, 'bin', 'expire.sh');
const cli = programAt('src', 'cli', 'main');

/**
 * The changes of one drill. The undo of each is in the journal before it is made; and one that has an expiry has a process that
 * makes its undo then, whatever has become of the drill. Where none can be started, the next command is left, as for any change.
 */
export class Changes implements AsyncDisposable {
  readonly #journal: Journal;
  readonly #expiries = new AsyncDisposableStack();
  /** Whether there were any. */
  wereMade = false;
  readonly #left = new Set<string>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  willChange: WillChange = (undo) => {
    const undone = this.#journal.willChange(undo);
    const isOver = this.#startExpiry(undo);
    this.wereMade = true;
    return (left = []) => {
      for (const words of left) this.tellLeft(words);
      undone();
      isOver();
    };
  };

  tellLeft: TellLeft = (words) => void this.#left.add(words);

  /** What somebody else has changed since, and was left as it is, in words. */
  get left(): string[] {
    return [...this.#left];
  }

  #startExpiry({ expiresAtMs }: Undo): () => void {
    if (expiresAtMs === undefined) return () => {};
    const at = String(Math.ceil(expiresAtMs / 1_000));
    const timer = startOutliving('/bin/sh', [script, this.#journal.path, at, process.execPath, cli, 'cleanup']);
    this.#expiries.use(timer);
    return () => void timer[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose] = (): Promise<void> => this.#expiries.disposeAsync();
}
