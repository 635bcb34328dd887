import type { Replay, WatchEvent } from '../events.ts';
import type { View } from './chart.ts';
import { wholeView } from './parts.ts';
import { element, say, show } from './show.ts';
import { emptyState, type State, take } from './state.ts';

const stepEveryMs = 100;

/** Shows a finished run as it was at any instant of it. */
export function replay({ events, fine }: Replay): void {
  const [firstMs, lastMs] = [events[0]?.atMs ?? 0, events.at(-1)?.atMs ?? 0];
  const scrub = element('scrub', HTMLInputElement);
  const speed = element('speed', HTMLSelectElement);
  const zoom = element('zoom', HTMLSelectElement);
  const play = element('play', HTMLButtonElement);
  const past = new Past(events);
  const whole = wholeView(past.at(lastMs));
  let playing: ReturnType<typeof setInterval> | undefined;

  const draw = () => {
    const cursorMs = firstMs + Number(scrub.value);
    const state = past.at(cursorMs);
    scrub.setAttribute(
      'aria-valuetext',
      `${Math.round(Number(scrub.value) / 100) / 10} seconds, ${state.happenings.at(-1)?.text ?? ''}`,
    );
    show(state, cursorMs, viewAt(cursorMs, Number(zoom.value)), fine);
  };
  const viewAt = (cursorMs: number, lengthMs: number): View =>
    lengthMs === 0
      ? { ...whole, cursorMs }
      : { fromMs: cursorMs - lengthMs / 2, toMs: cursorMs + lengthMs / 2, cursorMs };
  const pause = () => {
    clearInterval(playing);
    playing = undefined;
    play.textContent = 'Play';
    play.setAttribute('aria-pressed', 'false');
  };
  const go = () => {
    if (Number(scrub.value) >= Number(scrub.max)) scrub.value = '0';
    playing = setInterval(() => {
      const before = past.at(firstMs + Number(scrub.value)).happenings.at(-1);
      scrub.value = String(Number(scrub.value) + stepEveryMs * Number(speed.value));
      draw();
      const news = past.at(firstMs + Number(scrub.value)).happenings.at(-1);
      if (news?.isNews && news.text !== before?.text) say(news.text);
      if (Number(scrub.value) >= Number(scrub.max)) pause();
    }, stepEveryMs);
    play.textContent = 'Pause';
    play.setAttribute('aria-pressed', 'true');
  };
  scrub.max = String(Math.ceil(lastMs - firstMs));
  scrub.value = scrub.max;
  scrub.addEventListener('input', draw);
  zoom.addEventListener('change', () => {
    scrub.step = String(Math.max(1, Number(zoom.value) / 100));
    draw();
  });
  play.addEventListener('click', () => (playing === undefined ? go() : pause()));
  element('link', HTMLElement).textContent = 'replay';
  addEventListener('resize', draw);
  draw();
}

/** The state at an instant. Going forward takes only what came since. */
class Past {
  readonly #events: WatchEvent[];
  #state: State = emptyState();
  #taken = 0;
  #atMs = Number.NEGATIVE_INFINITY;

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
