import { type FileHandle, open } from 'node:fs/promises';
import { k6Metrics } from '../model/evidence.ts';
import type { LatencyPath } from '../model/profile.ts';

export interface LiveCall {
  startMs: number;
  wallMs: number;
  failed: boolean;
  path: LatencyPath;
  /** Not a retry. */
  isFirst: boolean;
}

/** What k6 has written since the last look. */
export interface LiveCalls {
  /** Epoch ms at which the schedule started; null until k6 has said so. */
  scheduleStartMs: number | null;
  calls: LiveCall[];
  /** Iterations and calls that were due and never sent. */
  dropped: number;
}

/** Follows k6's CSVs while they are being written. Only what is needed to steer is read; judging reads it all again. */
export class LiveCallReader implements AsyncDisposable {
  readonly #csvs: LiveCsv[];

  private constructor(csvs: LiveCsv[]) {
    this.#csvs = csvs;
  }

  /** @param paths one of each process that shares the load. */
  static async open(paths: string[]): Promise<LiveCallReader> {
    return new LiveCallReader(await Promise.all(paths.map((path) => LiveCsv.open(path))));
  }

  /** The rows that are new since the last call. */
  async read(): Promise<LiveCalls> {
    const found = await Promise.all(this.#csvs.map((csv) => csv.read()));
    return {
      // All of them tell the same.
      scheduleStartMs: found.find(({ scheduleStartMs }) => scheduleStartMs !== null)?.scheduleStartMs ?? null,
      calls: found.flatMap(({ calls }) => calls),
      dropped: found.reduce((sum, { dropped }) => sum + dropped, 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#csvs.map((csv) => csv[Symbol.asyncDispose]()));
  }
}

const droppedRow = 'dropped_iterations,';
/** One row in thirteen. */
const wantedRows = new RegExp(`^(?:${k6Metrics.call},|${k6Metrics.scheduleStart},|${droppedRow}).*$`, 'gm');

class LiveCsv implements AsyncDisposable {
  readonly #file: FileHandle;
  /** Small and kept: collecting the garbage of this took the CPU from the shop, which showed as slow calls. */
  readonly #buffer = Buffer.allocUnsafe(64 * 1024);
  #rest = '';
  #position = 0;
  #scheduleStartMs: number | null = null;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<LiveCsv> {
    return new LiveCsv(await open(path, 'a+'));
  }

  async read(): Promise<LiveCalls> {
    const found: LiveCalls = { scheduleStartMs: null, calls: [], dropped: 0 };
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, this.#buffer.length, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      const text = this.#rest + this.#buffer.toString('latin1', 0, bytesRead);
      const whole = text.lastIndexOf('\n') + 1;
      this.#rest = text.slice(whole);
      for (const [line] of text.slice(0, whole).matchAll(wantedRows)) this.#take(line, found);
    }
    return { ...found, scheduleStartMs: this.#scheduleStartMs };
  }

  #take(line: string, found: LiveCalls): void {
    if (line.startsWith(`${k6Metrics.call},`) && line.includes('result=unsent')) {
      found.dropped += 1;
    } else if (line.startsWith(`${k6Metrics.call},`)) {
      const [, endUs = '', wall = ''] = line.split(',', 3);
      const wallMs = Number(wall);
      found.calls.push({
        startMs: Number(endUs) / 1000 - wallMs,
        wallMs,
        failed: line.includes('result=failed'),
        path: line.includes('op=checkout') ? 'checkout' : 'api',
        isFirst: !line.includes('attempt=') || /attempt=1(?!\d)/.test(line),
      });
    } else if (line.startsWith(droppedRow)) {
      found.dropped += Number(line.split(',', 3)[2]);
    } else if (line.startsWith(`${k6Metrics.scheduleStart},`)) {
      this.#scheduleStartMs = Number(line.split(',', 3)[2]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
