import { type Finding, type Outcome, outcomes } from '../model/verdict.ts';

/** How a finding counts: what only a longer profile could show kept, and what no run of this one could show broken, stand apart. */
export type Standing = Outcome | 'open' | 'told';

export const standingOf = ({ outcome, leftOpen }: Pick<Finding, 'outcome' | 'leftOpen'>): Standing =>
  outcome === null ? 'told' : leftOpen && outcome !== 'fail' ? 'open' : outcome;

export const outcomeWords: Record<Outcome, string> = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' };

/** A sign beside the word, so that colour is never the only one. */
export const outcomeSigns: Record<Outcome, string> = { pass: '✓', fail: '✗', inconclusive: '?' };

/** What a finding that does not count is called, and its sign. */
export const standingWords: Record<Standing, string> = { ...outcomeWords, open: 'LEFT OPEN', told: 'NOT JUDGED' };
export const standingSigns: Record<Standing, string> = { ...outcomeSigns, open: '·', told: '·' };

/** Worst first; findings of one outcome keep their order. */
export const worstFirst = (findings: readonly Finding[]): Finding[] => findings.toSorted((a, b) => rank(b) - rank(a));

/** What does not count comes last. */
const rank = (finding: Finding): number => outcomes.indexOf(standingOf(finding) as Outcome);
