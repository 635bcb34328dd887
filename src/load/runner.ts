import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { k6Metrics } from '../model/evidence.ts';
import { withoutSecrets } from '../model/secrets.ts';

/** A row of k6's CSV, or the line with its columns. What else k6 says in a pod comes by the same log. */
const isRow = /^(?:metric_name,timestamp,|\w+,\d{16},)/;
const wroteStart = `${k6Metrics.scheduleStart},`;
const keptLines = 10;

/** A sample's number, as the script gives it (`numbered` of scenarios/traffic/contract.ts): of which virtual user, and which of its. */
const numberedSample = /(?<before>[,&"])n=(?<user>\d+)\.(?<number>\d+)(?<after>&?)/;
/** Only samples of the script's own have one. */
const ownPrefix = 'tenfold_';

/** What one runner has written, as it comes: its samples go to a file, of what it says the last lines are kept. */
export class Runner implements AsyncDisposable {
  readonly lastLines: string[] = [];
  /** By how much its schedule began too late. */
  lateMs = 0;
  hasBegun = false;
  /** All that came is in the file. */
  isWritten = true;
  /** Samples that never came, of virtual users of which later ones did. */
  missing = 0;
  readonly #numbers = new Map<string, number>();
  #lastUs: number | null = null;
  #pending: string[] = [];
  readonly #file: WriteStream;
  readonly #secrets: readonly string[];

  constructor(path: string, secrets: readonly string[]) {
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#secrets = secrets;
    this.#file.on('error', ({ message }) => {
      this.isWritten = false;
      this.#keep(`its samples cannot be written: ${message}`);
    });
  }

  /** The instant of the last sample, epoch ms. */
  get lastSampleMs(): number | null {
    return this.#lastUs === null ? null : this.#lastUs / 1000;
  }

  take(line: string): void {
    if (!isRow.test(line)) {
      this.#keep(withoutSecrets(line, [...this.#secrets]));
      return;
    }
    const [, us = '', value = ''] = line.split(',', 3);
    if (us !== 'timestamp') this.#lastUs = Number(us);
    if (line.startsWith(wroteStart)) {
      this.hasBegun = true;
      this.lateMs = Number(us) / 1000 - Number(value);
    }
    if (this.#pending.length === 0) setImmediate(() => this.#flush());
    this.#pending.push(line.startsWith(ownPrefix) ? this.#withoutNumber(line) : line, '\n');
  }

  /** Counts what is missing before a sample. The evidence has no numbers: no two rows would be alike. */
  #withoutNumber(line: string): string {
    const { groups, index = 0, 0: match = '' } = numberedSample.exec(line) ?? {};
    if (!groups) return line;
    const { before = '', user = '', number, after } = groups;
    const last = this.#numbers.get(user) ?? 0;
    this.missing += Math.max(0, Number(number) - last - 1);
    this.#numbers.set(user, Math.max(last, Number(number)));
    const rest = line.slice(index + match.length);
    // `a&n=1.1` loses its separator, `n=1.1&a` keeps what stands before.
    return line.slice(0, index) + (before === '&' && !after ? '' : before) + rest;
  }

  #keep(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > keptLines) this.lastLines.shift();
  }

  /** What came at once is written at once: a write for each line would take most of the time. */
  #flush(): void {
    if (this.#pending.length > 0) this.#file.write(this.#pending.join(''));
    this.#pending = [];
  }

  /** Everything is on disk. */
  async close(): Promise<void> {
    if (this.#file.closed || this.#file.destroyed) return;
    this.#flush();
    this.#file.end();
    await once(this.#file, 'close').catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
