import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { k6Metrics } from '../model/evidence.ts';
import { withoutSecrets } from '../model/secrets.ts';

/** A row of k6's CSV, or the line with its columns. What else k6 says in a pod comes by the same log. */
const isRow = /^(?:metric_name,timestamp,|\w+,\d{16},)/;
const wroteStart = `${k6Metrics.scheduleStart},`;
const keptLines = 10;

/** What one runner has written, as it comes: its samples go to a file, of what it says the last lines are kept. */
export class Runner implements AsyncDisposable {
  readonly lastLines: string[] = [];
  /** By how much its schedule began too late. */
  lateMs = 0;
  hasBegun = false;
  #lastUs: number | null = null;
  readonly #file: WriteStream;
  readonly #secrets: readonly string[];

  constructor(path: string, secrets: readonly string[]) {
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#secrets = secrets;
  }

  /** The instant of the last sample, epoch ms. */
  get lastSampleMs(): number | null {
    return this.#lastUs === null ? null : this.#lastUs / 1000;
  }

  take(line: string): void {
    if (!isRow.test(line)) {
      this.lastLines.push(withoutSecrets(line, [...this.#secrets]));
      if (this.lastLines.length > keptLines) this.lastLines.shift();
      return;
    }
    const [, us = '', value = ''] = line.split(',', 3);
    if (us !== 'timestamp') this.#lastUs = Number(us);
    if (line.startsWith(wroteStart)) {
      this.hasBegun = true;
      this.lateMs = Number(us) / 1000 - Number(value);
    }
    this.#file.write(`${line}\n`);
  }

  /** Everything is on disk. */
  async close(): Promise<void> {
    if (this.#file.closed) return;
    this.#file.end();
    await once(this.#file, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
