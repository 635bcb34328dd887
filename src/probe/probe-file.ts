import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { probeColumns } from '../model/evidence.ts';

/** The evidence file of the probes. Rows are handed over in bulk: one at a time, compression would cost more than the probes. */
export class ProbeFile {
  readonly #file;
  readonly #output = createGzip({ level: 1 });

  constructor(path: string) {
    this.#file = createWriteStream(path);
    this.#output.pipe(this.#file);
    this.#output.write(`${probeColumns.join(',')}\n`);
  }

  write(rows: string): void {
    this.#output.write(rows);
  }

  /** Resolves once all is on disk. */
  async end(): Promise<void> {
    this.#output.end();
    await finished(this.#file);
  }
}
