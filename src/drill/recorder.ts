import { join } from 'node:path';
import { type Emit, evidenceFiles, type Observation } from '../model/evidence.ts';
import { JsonLines } from '../runtime/files.ts';

export type Listener = (observation: Observation) => void;

/** Writes every observation of a run to its evidence, then tells the listener. */
export class Recorder implements Disposable {
  readonly #file: JsonLines;
  readonly emit: Emit;

  constructor(evidenceFolder: string, listener: Listener) {
    this.#file = new JsonLines(join(evidenceFolder, evidenceFiles.observations), { durable: false });
    this.emit = (observation) => {
      this.#file.append(observation);
      listener(observation);
    };
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}
