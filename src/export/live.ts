import { LiveAlerts } from '../analysis/live-alerts.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { nowMs } from '../runtime/clock.ts';
import type { ListenAt } from './addresses.ts';
import { DrillMetrics } from './drill-metrics.ts';
import { alertEvent, eventOf, verdictEvent } from './events.ts';
import { openMetricsText } from './openmetrics.ts';
import type { RunName } from './otlp.ts';
import { startPush } from './otlp-push.ts';
import { otlpReceiver } from './otlp-receiver.ts';
import { serveMetrics } from './serve-metrics.ts';

/** Where the numbers of drills go as they run. */
export interface LiveWish {
  metrics?: ListenAt | undefined;
  /** The URL of an OTLP receiver. */
  otlp?: string | undefined;
}

/** Tells others of drills, one after the other. */
export interface LiveExport extends AsyncDisposable {
  begin(plan: Plan): void;
  listener(observation: Observation): void;
  judged(verdict: Verdict): void;
}

/**
 * Opens what is wished for. What goes wrong later is said once: a drill never waits for those who are told, and never fails by them.
 * @throws TenfoldError (invalid) when it cannot be opened
 */
export async function exportLive({ metrics: where, otlp }: LiveWish, say: (line: string) => void): Promise<LiveExport> {
  let numbers: DrillMetrics | undefined;
  let alerts: LiveAlerts | undefined;
  let run: RunName | undefined;
  let isBroken = false;
  const samples = (atMs: number) => numbers?.samples(atMs) ?? [];
  await using opening = new AsyncDisposableStack();
  const push = otlp === undefined ? undefined : startPush(otlpReceiver(otlp), { run: () => run, samples }, say);
  if (push) opening.use(push);
  if (where) {
    const text = () => openMetricsText([{ atMs: 0, samples: samples(nowMs()) }], { timed: false });
    const { url } = opening.use(await serveMetrics(where, text));
    say(`metrics at ${url}`);
  }
  const opened = opening.move();
  const tell = (what: () => void) => {
    if (isBroken) return;
    try {
      what();
    } catch (error) {
      isBroken = true;
      say(`the metrics of the drill end here: ${(error as Error).message}`);
    }
  };
  return {
    begin: (plan) =>
      tell(() => {
        numbers = new DrillMetrics(plan);
        alerts = new LiveAlerts(plan);
        run = undefined;
      }),
    listener: (observation) =>
      tell(() => {
        if (observation.kind === 'run-started') {
          const { drill, runId, atMs } = observation;
          run = { drill, runId, startedAtMs: atMs };
        }
        numbers?.take(observation);
        const event = push && eventOf(observation);
        if (event) push.event(event);
        if (push && observation.kind === 'load-progress')
          for (const alert of alerts?.take(observation.atMs, observation.paths ?? []) ?? [])
            push.event(alertEvent(alert));
      }),
    judged: (verdict) =>
      tell(() => {
        numbers?.judged(verdict);
        push?.event(verdictEvent(verdict, nowMs()));
        push?.flush();
      }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
