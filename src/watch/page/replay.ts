import type { Fine, Replay } from '../events.ts';
import { instantAt, type View } from './chart.ts';
import { wholeView } from './parts.ts';
import { Past } from './past.ts';
import { chartWidth, element, say, show } from './show.ts';
import type { State } from './state.ts';

const stepEveryMs = 100;

/** Shows a finished run as it was at any instant of it. */
export function replay(stored: Replay): void {
  const player = new Player(stored);
  element('link', HTMLElement).textContent = 'replay';
  addEventListener('resize', () => player.draw());
  player.draw();
}

/** The instant that is shown, and the controls that move it. */
class Player {
  readonly #scrub = element('scrub', HTMLInputElement);
  readonly #speed = element('speed', HTMLSelectElement);
  readonly #zoom = element('zoom', HTMLSelectElement);
  readonly #play = element('play', HTMLButtonElement);
  readonly #past: Past;
  readonly #fine: Fine;
  readonly #firstMs: number;
  readonly #lastMs: number;
  readonly #whole: { fromMs: number; toMs: number };
  #atMs: number;
  #playing: ReturnType<typeof setInterval> | undefined;

  constructor({ events, fine }: Replay) {
    this.#past = new Past(events);
    this.#fine = fine;
    this.#firstMs = events[0]?.atMs ?? 0;
    this.#lastMs = events.at(-1)?.atMs ?? 0;
    this.#whole = wholeView(this.#past.at(this.#lastMs));
    this.#atMs = this.#lastMs;
    this.#scrub.max = String(Math.ceil((this.#lastMs - this.#firstMs) / 1_000) * 1_000);
    this.#setStep();
    this.#listen();
  }

  draw(): State {
    const state = this.#past.at(this.#atMs);
    const sinceMs = this.#atMs - this.#firstMs;
    this.#scrub.value = String(sinceMs);
    const last = state.happenings.at(-1)?.text ?? '';
    this.#scrub.setAttribute('aria-valuetext', `${Math.round(sinceMs / 100) / 10} seconds: ${last}`);
    show(state, this.#atMs, this.#view(), this.#fine);
    return state;
  }

  #listen(): void {
    const chart = element('chart', HTMLElement);
    this.#scrub.addEventListener('input', () => this.#goTo(this.#firstMs + Number(this.#scrub.value)));
    this.#zoom.addEventListener('change', () => {
      this.#setStep();
      this.draw();
    });
    this.#play.addEventListener('click', () => (this.#playing === undefined ? this.#start() : this.#pause()));
    chart.addEventListener('click', ({ clientX }) => {
      const box = chart.querySelector('svg')?.getBoundingClientRect();
      if (box) this.#goTo(instantAt(this.#view(), chartWidth(), (clientX - box.left) / box.width));
    });
  }

  #view(): View {
    const lengthMs = Number(this.#zoom.value);
    const cursorMs = this.#atMs;
    if (lengthMs === 0) return { ...this.#whole, cursorMs };
    return { fromMs: cursorMs - lengthMs / 2, toMs: cursorMs + lengthMs / 2, cursorMs };
  }

  /** A key press goes a second, or a hundredth of what is shown. */
  #setStep(): void {
    this.#scrub.step = String(Number(this.#zoom.value) / 100 || 1_000);
  }

  #goTo(atMs: number): State {
    this.#atMs = Math.min(this.#lastMs, Math.max(this.#firstMs, atMs));
    return this.draw();
  }

  #start(): void {
    if (this.#atMs >= this.#lastMs) this.#atMs = this.#firstMs;
    this.#playing = setInterval(() => this.#step(), stepEveryMs);
    this.#tellPlaying();
  }

  #step(): void {
    const before = this.#past.at(this.#atMs).happenings.at(-1);
    const news = this.#goTo(this.#atMs + stepEveryMs * Number(this.#speed.value)).happenings.at(-1);
    if (news?.isNews && news !== before) say(news.text);
    if (this.#atMs >= this.#lastMs) this.#pause();
  }

  #pause(): void {
    clearInterval(this.#playing);
    this.#playing = undefined;
    this.#tellPlaying();
  }

  #tellPlaying(): void {
    this.#play.textContent = this.#playing === undefined ? 'Play' : 'Pause';
  }
}
