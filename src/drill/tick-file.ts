import { join } from 'node:path';
import { evidenceFiles } from '../model/evidence.ts';
import type { Tick } from '../model/runbook.ts';
import { JsonLines } from '../runtime/files.ts';

/** Who did which step of the runbook, as the evidence of a run keeps it; no file where nobody did any. */
export class TickFile implements Disposable {
  readonly #path: string;
  #file: JsonLines | undefined;
  #isClosed = false;

  constructor(evidenceFolder: string) {
    this.#path = join(evidenceFolder, evidenceFiles.ticks);
  }

  /** @throws when it cannot be written, or the evidence is sealed */
  readonly record = (tick: Tick): void => {
    if (this.#isClosed) throw new Error('the evidence of this drill is sealed');
    this.#file ??= new JsonLines(this.#path, { durable: false });
    this.#file.append(tick);
  };

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#file?.[Symbol.dispose]();
  }
}
