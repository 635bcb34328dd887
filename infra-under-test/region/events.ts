import { appendFile } from 'node:fs/promises';

/** Something that happened in the region. source: who reports it: `rds`, `region`, `node`, `pod`, `edge`. */
export interface RegionEvent {
  atMs: number;
  source: string;
  message: string;
}

const remembered = 10_000;

/** The region's events: the latest in memory, all of them in a file, one JSON object per line. */
export class EventLog {
  readonly #file: string;
  #events: RegionEvent[] = [];
  #written: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  record(event: RegionEvent): void {
    this.#events.push(event);
    if (this.#events.length > remembered * 2) this.#events = this.#events.slice(-remembered);
    const line = `${JSON.stringify(event)}\n`;
    // An event that cannot be written is still in memory; even with a full disk the region carries on.
    this.#written = this.#written.then(() => appendFile(this.#file, line)).catch(() => {});
  }

  /** Records something that happened just now. */
  tell(source: string, message: string): void {
    this.record({ atMs: Date.now(), source, message });
  }

  /** Events at or after an instant (epoch ms), of the latest 10,000. */
  since(sinceMs: number): RegionEvent[] {
    return this.#events.slice(-remembered).filter(({ atMs }) => atMs >= sinceMs);
  }
}
