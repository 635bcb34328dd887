import type { WatchEvent } from '../events.ts';
import { emptyState, type State, take } from './state.ts';

/** What was known at an instant of a finished run. Going forward takes only what came since. */
export class Past {
  readonly #events: WatchEvent[];
  #state: State = emptyState();
  #taken = 0;
  #atMs = Number.NEGATIVE_INFINITY;

  /** @param events in order of time */
  constructor(events: WatchEvent[]) {
    this.#events = events;
  }

  at(atMs: number): State {
    if (atMs < this.#atMs) [this.#state, this.#taken] = [emptyState(), 0];
    this.#atMs = atMs;
    for (let event = this.#events[this.#taken]; event && event.atMs <= atMs; event = this.#events[this.#taken]) {
      this.#state = take(this.#state, event);
      this.#taken += 1;
    }
    return this.#state;
  }
}
