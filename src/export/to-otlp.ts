import { invalid } from '../model/errors.ts';
import type { Snapshot } from './catalogue.ts';
import { checkUrl, type Exporter } from './exporter.ts';
import { logsBody, metricsBody } from './otlp.ts';
import { type OtlpKind, otlpKinds, otlpReceiver, remarkOf, sendOtlp, type Taken } from './otlp-receiver.ts';

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
    const taken: Record<OtlpKind, Taken[]> = { metrics: [], logs: [] };
    const remarks = () => otlpKinds.flatMap((kind) => remarkOf(receiver, kind, together(taken[kind])) ?? []);
    try {
      for (const part of parts)
        taken.metrics.push(await sendOtlp(receiver, 'metrics', metricsBody(run, part), { timeoutMs }));
      taken.logs.push(
        await sendOtlp(receiver, 'logs', logsBody(events.map((event) => ({ run, event }))), { timeoutMs }),
      );
    } catch (error) {
      const sent = taken.metrics.length;
      throw invalid(
        [
          (error as Error).message,
          ...(sent > 0 ? [`${sent} of ${parts.length + 1} requests had been taken`] : []),
          ...remarks(),
        ],
        'see whether it is up, takes OTLP over HTTP (usually at port 4318), and what OTEL_EXPORTER_OTLP_HEADERS holds',
      );
    }
    if (otlpKinds.some((kind) => together(taken[kind]).rejected > 0))
      throw invalid(remarks(), 'all was sent, and the rest was taken: another export would send that again');
    const points = snapshots.reduce((sum, { samples }) => sum + samples.length, 0);
    return [`${points} data points and ${events.length} events to ${receiver.url}`, ...remarks()].join('\n');
  },
};

/** What is said of several requests: why a part of them was rejected comes before a warning. */
function together(all: readonly Taken[]): Taken {
  const rejecting = all.filter(({ rejected }) => rejected > 0);
  const telling = rejecting.length > 0 ? rejecting : all;
  return {
    rejected: telling.reduce((sum, { rejected }) => sum + rejected, 0),
    message: telling.find(({ message }) => message !== '')?.message ?? '',
  };
}

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
