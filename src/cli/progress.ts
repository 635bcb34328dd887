import { stripVTControlCharacters, styleText } from 'node:util';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { settlingMs } from '../plan/schedule.ts';
import { nowMs } from '../runtime/clock.ts';
import { liveLine } from './live-line.ts';

/** Shows a drill as it runs, on stderr: one line that lives on a terminal, plain lines elsewhere. */
export interface Progress {
  listener: (observation: Observation) => void;
  note: (message: string) => void;
  /** A line that stays, whatever the detail. */
  say: (line: string) => void;
  /** What it is at now, and for how long. */
  waitingFor: () => string;
  done: () => void;
}

const plainLoadLineEveryMs = 5_000;

/** @param detail full: each step stays as a line; live: only what goes wrong stays, the rest is shown while it lasts. */
export function showProgress(
  plan: Plan,
  stream: NodeJS.WriteStream,
  { detail }: { detail: 'full' | 'live' } = { detail: 'full' },
): Progress {
  const live = liveLine(stream);
  const view = new View(plan, (format, text) => styleText(format, text, { stream }));
  let lastLoadLineMs = 0;
  let lastNote = '';
  let doing = { what: 'the start', sinceMs: nowMs() };
  const does = (what: string) => {
    doing = { what, sinceMs: nowMs() };
  };
  const line = (text: string) => {
    live?.clear();
    stream.write(`${text}\n`);
  };
  const passing = (text: string) => {
    if (live) live(text);
    else if (detail === 'full' && text !== lastNote) line(text);
    lastNote = text;
  };
  return {
    listener(observation) {
      if (observation.kind === 'step' && observation.state === 'started') does(observation.step);
      const text = view.take(observation);
      if (text !== undefined && (detail === 'full' || observation.kind === 'problem' || observation.kind === 'stop'))
        line(text);
      else if (text !== undefined) passing(`  ${text}`);
      if (observation.kind !== 'load-progress') return;
      if (live) live(view.load(observation));
      else if (detail === 'full' && observation.atMs - lastLoadLineMs >= plainLoadLineEveryMs) {
        lastLoadLineMs = observation.atMs;
        line(view.load(observation));
      }
    },
    note(message) {
      does(message);
      passing(`  ${message}`);
    },
    say: line,
    waitingFor: () => `${doing.what} (${((nowMs() - doing.sinceMs) / 1_000).toFixed(1)} s so far)`,
    done: () => live?.clear(),
  };
}

/** What others say (a command, k6, the shop) moves no cursor and rings no bell. */
const plain = (text: string): string => stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '');

/** Colours as the stream shows them: none where it goes to a file. */
type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** What to say of each observation, and what of the load. */
class View {
  readonly #plan: Plan;
  readonly #startedMs = new Map<string, number>();
  #phase = 'starting';
  #loadStartMs: number | undefined;

  readonly #style: Style;

  constructor(plan: Plan, style: Style) {
    this.#plan = plan;
    this.#style = style;
  }

  /** A line that stays, or undefined. */
  take(o: Observation): string | undefined {
    switch (o.kind) {
      case 'step':
        return this.#step(o);
      case 'mark':
        return this.#mark(o.mark, o.atMs);
      case 'load-step':
        this.#phase = `${o.factor}x`;
        return `${this.#style('green', '=')} ${o.factor} times the baseline: ${o.ratePerSecond} requests/s`;
      case 'fault':
        if (o.state === 'injected') this.#phase = 'fault';
        return `${this.#style('yellow', '!')} fault ${o.fault} ${o.state}${o.detail ? `: ${plain(o.detail)}` : ''}`;
      case 'held-on':
        return `${this.#style('yellow', '~')} extending ${o.phase}: ${o.because}`;
      case 'stop':
        return `${this.#style('red', '!')} stopping: ${plain(o.because)}`;
      case 'problem':
        return `${this.#style('yellow', '?')} ${plain(o.message)}`;
      default:
        return undefined;
    }
  }

  #step(o: Extract<Observation, { kind: 'step' }>): string {
    if (o.state === 'started') {
      this.#startedMs.set(o.step, o.atMs);
      return `${this.#style('dim', '>')} ${o.step}`;
    }
    const seconds = ((o.atMs - (this.#startedMs.get(o.step) ?? o.atMs)) / 1000).toFixed(1);
    if (o.state === 'finished')
      return `${this.#style('green', '+')} ${o.step} (${seconds} s)${o.message ? `: ${o.message}` : ''}`;
    return `${this.#style('red', 'x')} ${o.step} (${seconds} s): ${o.message}`;
  }

  #mark(mark: Extract<Observation, { kind: 'mark' }>['mark'], atMs: number): string | undefined {
    if (mark === 'peak-proven')
      return `${this.#style('green', '+')} peak proven: ${this.#plan.peakRatePerSecond} requests/s held`;
    if (mark === 'baseline-start') this.#loadStartMs = atMs - settlingMs;
    this.#phase = {
      'baseline-start': 'baseline',
      'ramp-start': 'ramp',
      'peak-start': 'peak',
      'back-start': 'back',
      'load-end': 'ended',
    }[mark];
    return undefined;
  }

  load(o: Extract<Observation, { kind: 'load-progress' }>): string {
    const errors = `${o.errorsPerSecond.toFixed(1)} errors/s`;
    const parts = [
      this.#phase.padEnd(8),
      `${Math.round(o.ratePerSecond)} requests/s`,
      o.errorsPerSecond > 0 ? this.#style('red', errors) : errors,
      `p99 ${o.p99Ms === null ? '-' : `${Math.round(o.p99Ms)} ms`}`,
      ...(o.dropped > 0 ? [this.#style('red', `${o.dropped} dropped`)] : []),
      this.#countdown(),
    ];
    return `  ${parts.join('  ')}`;
  }

  #countdown(): string {
    if (this.#loadStartMs === undefined) return '';
    const leftMs = this.#loadStartMs + this.#plan.loadDurationMs - nowMs();
    return leftMs > 0 ? `${Math.ceil(leftMs / 1000)} s left` : 'finishing';
  }
}
