import { invalid } from '../model/errors.ts';
import type { Snapshot } from './catalogue.ts';
import { checkUrl, type Exporter } from './exporter.ts';
import { logsBody, metricsBody } from './otlp.ts';
import { otlpReceiver, sendOtlp } from './otlp-receiver.ts';

const timeoutMs = 30_000;
/** Some hundred kilobytes a request: receivers refuse what is longer than some megabytes. */
const mostPoints = 2_000;

/** An OTLP receiver, by HTTP and JSON. */
export const toOtlp: Exporter = {
  async check(to) {
    otlpReceiver(checkUrl(to));
  },
  async write({ facts, snapshots, events }, to) {
    const receiver = otlpReceiver(checkUrl(to));
    const { drill, runId, startedAtMs } = facts.run;
    const run = { drill, runId, startedAtMs };
    const parts = partsOf(snapshots);
    let sent = 0;
    try {
      for (const part of parts) {
        await sendOtlp(receiver, 'metrics', metricsBody(run, part), { timeoutMs });
        sent += 1;
      }
      await sendOtlp(receiver, 'logs', logsBody(events.map((event) => ({ run, event }))), { timeoutMs });
    } catch (error) {
      throw invalid(
        [(error as Error).message, ...(sent > 0 ? [`${sent} of ${parts.length} requests had been taken`] : [])],
        'see whether it is up, takes OTLP over HTTP (usually at port 4318), and what OTEL_EXPORTER_OTLP_HEADERS holds',
      );
    }
    const points = snapshots.reduce((sum, { samples }) => sum + samples.length, 0);
    return `${points} data points and ${events.length} events to ${receiver.url}`;
  },
};

function partsOf(snapshots: readonly Snapshot[]): Snapshot[][] {
  const parts: Snapshot[][] = [];
  let points = Infinity;
  for (const snapshot of snapshots) {
    points += snapshot.samples.length;
    if (points > mostPoints) {
      parts.push([]);
      points = snapshot.samples.length;
    }
    parts.at(-1)?.push(snapshot);
  }
  return parts;
}
