import { join } from 'node:path';
import { type Emit, evidenceFiles, type Observation } from '../model/evidence.ts';
import { JsonLines } from '../runtime/files.ts';

export type Listener = (observation: Observation) => void;

/**
 * Writes every observation of a run to its evidence, then tells the listener. What work that nobody waits for any more observes
 * after the end is not the run's, and is dropped.
 */
export class Recorder implements Disposable {
  readonly #file: JsonLines;
  readonly emit: Emit;

  /** @param onFailure called with what could not be written, as a watcher has nobody to throw at; left out: it is thrown. */
  constructor(evidenceFolder: string, listener: Listener, onFailure: (error: Error) => void = raise) {
    this.#file = new JsonLines(join(evidenceFolder, evidenceFiles.observations), { durable: false });
    this.emit = (observation) => {
      if (this.#file.isClosed) return;
      try {
        this.#file.append(observation);
      } catch (error) {
        onFailure(error as Error);
      }
      listener(observation);
    };
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function raise(error: Error): never {
  throw error;
}
