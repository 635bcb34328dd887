import type { ServerResponse } from 'node:http';
import type { EventLog } from './event-log.ts';

const mostAtOnce = 64 * 1024;
/** Who takes nothing for this long is cut off; a browser comes back by itself and says what it had last. */
const patienceMs = 30_000;

/**
 * One who watches: a place in the log and a connection. What a slow one has not taken yet stays in the log, which all share, so
 * that it costs no memory.
 */
export class Viewer {
  readonly #response: ServerResponse;
  readonly #log: EventLog;
  #lastId: number;
  #patience: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, log: EventLog, lastId: number) {
    this.#response = response;
    this.#log = log;
    this.#lastId = lastId;
    response.on('drain', () => {
      clearTimeout(this.#patience);
      this.#patience = undefined;
      this.send();
    });
    response.on('close', () => clearTimeout(this.#patience));
  }

  /** Sends what is new, unless it has yet to take what was sent before. */
  send(): void {
    while (this.#patience === undefined && !this.#response.destroyed) {
      const { text, lastId } = this.#log.after(this.#lastId, mostAtOnce);
      if (text === '') return;
      this.#lastId = lastId;
      this.#write(text);
    }
  }

  /** Shows a connection that is still there that we are, too. */
  beat(): void {
    if (this.#patience === undefined && !this.#response.destroyed) this.#write(':\n\n');
  }

  /** Resolves once all that was sent has been taken. */
  end(): Promise<void> {
    this.send();
    return new Promise((resolve) => this.#response.end(() => resolve()));
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#patience = setTimeout(() => this.#response.destroy(), patienceMs).unref();
  }
}
