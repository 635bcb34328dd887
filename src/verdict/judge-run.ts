import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';

/** A run that did not complete was not a whole drill; one that did needs no finding. */
export function judgeRun({ run }: Facts): Finding[] {
  if (run.status === 'completed') return [];
  const ended = run.status === 'crashed' ? 'crashed' : `was ${run.status}`;
  const message = `The run did not complete, it ${ended}: ${(run.reason ?? 'it left no reason').replace(/\.$/, '')}.`;
  return [
    {
      id: 'run',
      title: 'Run completed',
      outcome: 'inconclusive',
      message,
      evidence: { status: run.status, reason: run.reason },
    },
  ];
}
