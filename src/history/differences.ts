import { isDeepStrictEqual } from 'node:util';
import { counted, type Verdict, worst } from '../model/verdict.ts';

/**
 * Where a stored verdict is not what its own findings, and judging the run's facts again, give: somebody edited it, or it was
 * judged by other rules. A rule that came since, and fails nothing, makes no difference.
 */
export function differences(stored: Verdict, again: Verdict): string[] {
  const told = (what: string, of: (verdict: Verdict) => unknown): string[] =>
    isDeepStrictEqual(of(stored), of(again)) ? [] : [what];
  return [
    ...(stored.outcome === worst(counted(stored.findings)) ? [] : ['its outcome is not that of its findings']),
    ...outcomesThatDiffer(stored, again).map((id) => `the outcome of ${id}`),
    ...told('which run it is', ({ drill, runId, target, profile, status }) => [drill, runId, target, profile, status]),
    ...told('its times', ({ startedAt, finishedAt }) => [startedAt, finishedAt]),
    ...told('its environment', ({ environment }) => environment),
    ...told('the fault', ({ fault }) => [fault?.kind, fault?.injectedAt, fault?.provenAt]),
    ...told('recovery times', ({ recovery }) =>
      recovery.map((row) => [row.path, row.actualMs, row.uncertaintyMs, row.outcome]),
    ),
    ...told('latency', ({ latency }) =>
      latency.map((row) => [row.path, row.phase, row.p99Ms, row.p99LowMs, row.p99HighMs, row.outcome]),
    ),
  ];
}

function outcomesThatDiffer(stored: Verdict, again: Verdict): string[] {
  const of = ({ findings }: Verdict) => new Map(findings.map((finding) => [finding.id, finding]));
  const [was, is] = [of(stored), of(again)];
  const changed = stored.findings.filter(({ id, outcome }) => is.has(id) && is.get(id)?.outcome !== outcome);
  const removed = again.findings.filter(({ id, outcome }) => outcome === 'fail' && !was.has(id));
  return [...changed, ...removed].map(({ id }) => id);
}
