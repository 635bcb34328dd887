import type { WatchEvent } from './events.ts';

/** Two hours of seconds; of all else, more than any drill has. */
const most = { seconds: 7_200, others: 5_000 };

interface Entry {
  id: number;
  isSecond: boolean;
  /** As it goes over the wire, made once for all who watch. */
  text: string;
}

/** What was told of the run so far, oldest first, and bounded: the oldest seconds are forgotten first. */
export class EventLog {
  #entries: Entry[] = [];
  #counts = { seconds: 0, others: 0 };
  #nextId = 1;

  /** The beginning of a run ends what was told of another. */
  push(event: WatchEvent): void {
    if (event.kind === 'begin') {
      this.#entries = [];
      this.#counts = { seconds: 0, others: 0 };
    }
    const isSecond = event.kind === 'load-progress';
    const id = this.#nextId;
    this.#nextId += 1;
    this.#entries.push({ id, isSecond, text: `id: ${id}\ndata: ${JSON.stringify(event)}\n\n` });
    const of = isSecond ? 'seconds' : 'others';
    this.#counts[of] += 1;
    if (this.#counts[of] <= most[of]) return;
    this.#counts[of] -= 1;
    // The first entry says which run it is.
    const oldest = this.#entries.findIndex((entry, index) => index > 0 && entry.isSecond === isSecond);
    this.#entries.splice(oldest, 1);
  }

  /** What came after an id, up to a length, and the id of the last of it; empty when there is nothing. */
  after(id: number, mostCharacters: number): { text: string; lastId: number } {
    let [text, lastId] = ['', id];
    // Most of those who watch have all but the last.
    const first = this.#entries.findLastIndex((entry) => entry.id <= id) + 1;
    for (let index = first; index < this.#entries.length && text.length < mostCharacters; index += 1) {
      const entry = this.#entries[index] as Entry;
      text += entry.text;
      lastId = entry.id;
    }
    return { text, lastId };
  }
}
