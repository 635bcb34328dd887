import type { Replay, WatchEvent } from '../events.ts';
import { instantAt, type View } from './chart.ts';
import { wholeView } from './parts.ts';
import { chartWidth, element, say, show } from './show.ts';
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

  let cursorMs = lastMs;

  const draw = () => {
    const state = past.at(cursorMs);
    scrub.value = String(cursorMs - firstMs);
    const last = state.happenings.at(-1)?.text ?? '';
    scrub.setAttribute('aria-valuetext', `${Math.round((cursorMs - firstMs) / 100) / 10} seconds: ${last}`);
    show(state, cursorMs, viewAt(Number(zoom.value)), fine);
    return state;
  };
  const viewAt = (lengthMs: number): View =>
    lengthMs === 0
      ? { ...whole, cursorMs }
      : { fromMs: cursorMs - lengthMs / 2, toMs: cursorMs + lengthMs / 2, cursorMs };
  const pause = () => {
    clearInterval(playing);
    playing = undefined;
    play.textContent = 'Play';
    play.setAttribute('aria-pressed', 'false');
  };
  const step = () => {
    const before = past.at(cursorMs).happenings.at(-1);
    cursorMs = Math.min(lastMs, cursorMs + stepEveryMs * Number(speed.value));
    const news = draw().happenings.at(-1);
    if (news?.isNews && news !== before) say(news.text);
    if (cursorMs >= lastMs) pause();
  };
  const go = () => {
    if (cursorMs >= lastMs) cursorMs = firstMs;
    playing = setInterval(step, stepEveryMs);
    play.textContent = 'Pause';
    play.setAttribute('aria-pressed', 'true');
  };
  /** A key press goes a second, or a hundredth of what is shown. */
  const setStep = () => {
    scrub.step = String(Number(zoom.value) / 100 || 1_000);
  };
  scrub.max = String(Math.ceil((lastMs - firstMs) / 1_000) * 1_000);
  setStep();
  scrub.addEventListener('input', () => {
    cursorMs = Math.min(lastMs, firstMs + Number(scrub.value));
    draw();
  });
  zoom.addEventListener('change', () => {
    setStep();
    draw();
  });
  const chart = element('chart', HTMLElement);
  chart.addEventListener('click', ({ clientX }) => {
    const box = chart.querySelector('svg')?.getBoundingClientRect();
    if (!box) return;
    const atMs = instantAt(viewAt(Number(zoom.value)), chartWidth(), (clientX - box.left) / box.width);
    cursorMs = Math.min(lastMs, Math.max(firstMs, atMs));
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
