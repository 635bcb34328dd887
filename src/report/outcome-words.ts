import { type Finding, type Outcome, outcomes } from '../model/verdict.ts';

export const outcomeWords: Record<Outcome, string> = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' };

/** A sign beside the word, so that colour is never the only one. */
export const outcomeSigns: Record<Outcome, string> = { pass: '✓', fail: '✗', inconclusive: '?' };

/** Worst first; findings of one outcome keep their order. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => outcomes.indexOf(b.outcome) - outcomes.indexOf(a.outcome));
