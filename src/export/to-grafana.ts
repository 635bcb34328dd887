import { phaseSpans } from '../analysis/timeline.ts';
import { invalid } from '../model/errors.ts';
import { checkUrl, type Exporter } from './exporter.ts';
import { type Receiver, secretFrom, send } from './send.ts';
import type { StoredRun } from './stored-run.ts';

const tokenVariable = 'GRAFANA_TOKEN';
const path = 'api/annotations';
const timeoutMs = 15_000;

/** What Grafana's annotation API takes; instants are whole epoch ms. */
interface Annotation {
  time: number;
  timeEnd?: number;
  tags: string[];
  text: string;
}

/** Annotations in a Grafana, which its dashboards show by their tags. */
export const toGrafana: Exporter = {
  async check(to) {
    grafanaAt(to);
  },
  async write(run, to) {
    const grafana = grafanaAt(to);
    const annotations = annotationsOf(run);
    let sent = 0;
    try {
      if (await hasAnnotations(grafana, run.facts.run.runId))
        throw new Error(`${grafana.url}: it has annotations of this run already`);
      for (const annotation of annotations) {
        await send(grafana, path, { body: annotation, timeoutMs });
        sent += 1;
      }
    } catch (error) {
      throw invalid(
        [(error as Error).message, ...(sent > 0 ? [`${sent} of ${annotations.length} annotations were made`] : [])],
        `see whether it is up, and whether ${tokenVariable} may read and write annotations; those of a run have its id as a tag, by which they can be removed`,
      );
    }
    return `${sent} annotations to ${grafana.url}`;
  },
};

function grafanaAt(to: string): Receiver {
  const url = checkUrl(to);
  const token = secretFrom(tokenVariable, 'token for Grafana');
  return { url, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

/** The same run twice would show everything twice. */
async function hasAnnotations(grafana: Receiver, runId: string): Promise<boolean> {
  const found = await send(grafana, `${path}?tags=tenfold&tags=${encodeURIComponent(runId)}&limit=1`, { timeoutMs });
  return Array.isArray(found) && found.length > 0;
}

/** The phases and the fault as regions, all else as instants. */
export function annotationsOf({ facts, events }: Pick<StoredRun, 'facts' | 'events'>): Annotation[] {
  const { drill, runId } = facts.run;
  const tagged = (name: string, text: string, fromMs: number, toMs?: number): Annotation => ({
    time: Math.round(fromMs),
    ...(toMs !== undefined && Number.isFinite(toMs) && { timeEnd: Math.round(toMs) }),
    tags: ['tenfold', drill, runId, name],
    text,
  });
  const { fault } = facts;
  return [
    ...phaseSpans(facts.timeline).map(({ phase, startMs, endMs }) =>
      tagged('phase', `phase: ${phase}`, startMs, endMs),
    ),
    ...(fault?.injectedAtMs == null
      ? []
      : [tagged('fault', `fault: ${fault.kind}`, fault.injectedAtMs, fault.revertedAtMs ?? undefined)]),
    ...events.map(({ name, text, atMs }) => tagged(name, text, atMs)),
  ];
}
