import type { Facts } from '../model/facts.ts';
import { type Finding, whyEnded } from '../model/verdict.ts';
import type { Checker } from './checker.ts';

/** A run that did not complete was not a whole drill; one that did needs no finding. */
export const run: Checker = {
  id: 'run',
  title: 'Run completed',
  findings: () => [],
  promises: () => [],
  judge: ({ run }) => judgeCompletion(run),
};

function judgeCompletion(run: Facts['run']): Finding[] {
  if (run.status === 'completed') return [];
  const message = `The run did not complete: ${whyEnded(run)}.`;
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
