import { nowMs } from '../runtime/clock.ts';
import type { Sample } from './catalogue.ts';
import type { DrillEvent } from './events.ts';
import { logsBody, metricsBody, type RunName } from './otlp.ts';
import { sendOtlp } from './otlp-receiver.ts';
import type { Receiver } from './send.ts';

const everyMs = 5_000;
const timeoutMs = 4_000;
/** How long the end of a command is put off for what is sent last. */
const partingMs = 2_000;
/** While a receiver is away, the newest are kept. */
const mostEvents = 1_000;

/** What is told of the run that goes on; undefined while there is none. */
export interface Source {
  run(): RunName | undefined;
  samples(atMs: number): Sample[];
}

export interface Push extends AsyncDisposable {
  event(event: DrillEvent): void;
  /** Sends what is known now, without being waited for. */
  flush(): void;
}

/** Sends numbers and events to an OTLP receiver, again and again. One that is away is told of once, and holds up nobody. */
export function startPush(receiver: Receiver, source: Source, say: (line: string) => void): Push {
  const parting = new AbortController();
  let told: { run: RunName; event: DrillEvent }[] = [];
  let isAway = false;
  let waiting = 0;
  let last = Promise.resolve();

  const deliver = async (metrics: unknown): Promise<void> => {
    const events = told;
    told = [];
    const options = { timeoutMs, signal: parting.signal };
    try {
      await sendOtlp(receiver, 'metrics', metrics, options);
      if (events.length > 0) await sendOtlp(receiver, 'logs', logsBody(events), options);
      if (isAway) say(`${receiver.url} takes metrics again`);
      isAway = false;
    } catch (error) {
      told = [...events, ...told].slice(-mostEvents);
      if (!isAway) say(`metrics cannot be sent, and the drill goes on without: ${(error as Error).message}`);
      isAway = true;
    }
  };
  const flush = (): void => {
    const run = source.run();
    if (run === undefined) return;
    const atMs = nowMs();
    const metrics = metricsBody(run, [{ atMs, samples: source.samples(atMs) }]);
    waiting += 1;
    last = last
      .then(() => deliver(metrics))
      .finally(() => {
        waiting -= 1;
      });
  };
  const timer = setInterval(() => waiting === 0 && flush(), everyMs).unref();
  return {
    event(event) {
      const run = source.run();
      if (run) told = [...told, { run, event }].slice(-mostEvents);
    },
    flush,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      flush();
      const late = setTimeout(() => parting.abort(), partingMs);
      await last;
      clearTimeout(late);
    },
  };
}
