import { nowMs } from '../runtime/clock.ts';
import type { Sample } from './catalogue.ts';
import type { DrillEvent } from './events.ts';
import { logsBody, metricsBody, type RunName } from './otlp.ts';
import { type OtlpKind, sendOtlp } from './otlp-receiver.ts';
import type { Receiver } from './send.ts';
import { type Answer, tellingOnce } from './telling-once.ts';

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
  const tell = tellingOnce(receiver, say);
  let told: { run: RunName; event: DrillEvent }[] = [];
  let waiting = 0;
  let last = Promise.resolve();

  const trySending = async (kind: OtlpKind, body: unknown): Promise<Answer> => {
    try {
      return { kind, taken: await sendOtlp(receiver, kind, body, { timeoutMs, signal: parting.signal }) };
    } catch (error) {
      return { kind, error: error as Error };
    }
  };
  // Side by side: a receiver may take the one and not the other.
  const deliver = async (metrics: unknown): Promise<void> => {
    const events = told;
    told = [];
    const answers = await Promise.all([
      trySending('metrics', metrics),
      ...(events.length > 0 ? [trySending('logs', logsBody(events))] : []),
    ]);
    if (answers.some((answer) => answer.kind === 'logs' && 'error' in answer))
      told = [...events, ...told].slice(-mostEvents);
    tell(answers);
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
