/**
 * What a sentinel in a pod writes to its log, and how that is read. A line is a number and what it is the number of: `{…}` is a tick,
 * `end` the end, anything else compressed rows. The number counts all ticks and rows before, so those of lines that were lost are
 * known by number, whatever lost them.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { probeColumns } from '../model/evidence.ts';
import { type SentinelTick, sentinelTickSchema } from '../model/lane.ts';

/** A line stays below the 16 KiB at which container runtimes break it. */
const rowsPerLine = 100;
const end = 'end';

export class PodLogWriter {
  readonly #write: (line: string) => void;
  #next = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  rows(rows: string): void {
    const all = rows.split('\n').slice(0, -1);
    for (let at = 0; at < all.length; at += rowsPerLine) {
      const some = all.slice(at, at + rowsPerLine);
      this.#line(gzipSync(`${some.join('\n')}\n`, { level: 1 }).toString('base64'), some.length);
    }
  }

  tick(tick: SentinelTick): void {
    this.#line(JSON.stringify(tick), 1);
  }

  end(): void {
    this.#line(end, 1);
  }

  #line(what: string, count: number): void {
    this.#write(`${this.#next} ${what}\n`);
    this.#next += count;
  }
}

const sentAt = probeColumns.indexOf('sent_us');
const keptWords = 5;

export class PodLogReader {
  /** Ticks and rows that never came. */
  missing = 0;
  /** The last line has come: it ended in order. */
  hasEnded = false;
  /** When the last probe that came was sent, by the pod's clock, epoch ms. */
  lastSentMs: number | null = null;
  /** What else it said last, such as why it could not start. */
  readonly words: string[] = [];
  readonly #onRows: (rows: string) => void;
  readonly #onTick: (tick: SentinelTick) => void;
  #next = 0;

  constructor(onRows: (rows: string) => void, onTick: (tick: SentinelTick) => void) {
    this.#onRows = onRows;
    this.#onTick = onTick;
  }

  take(line: string): void {
    const [, number = '', what = ''] = /^(\d+) (\{.*\}|[\w+/=]+)$/.exec(line) ?? [];
    if (what === '') {
      this.words.push(line);
      if (this.words.length > keptWords) this.words.shift();
      return;
    }
    this.missing += Number(number) - this.#next;
    this.#next = Number(number) + this.#read(what);
  }

  /** @returns how many ticks and rows it holds */
  #read(what: string): number {
    if (what === end) this.hasEnded = true;
    else if (what.startsWith('{')) this.#onTick(sentinelTickSchema.parse(JSON.parse(what)));
    else return this.#readRows(gunzipSync(Buffer.from(what, 'base64')).toString());
    return 1;
  }

  #readRows(rows: string): number {
    const all = rows.split('\n').slice(0, -1);
    this.lastSentMs = Number(all.at(-1)?.split(',')[sentAt]) / 1_000;
    this.#onRows(rows);
    return all.length;
  }
}
